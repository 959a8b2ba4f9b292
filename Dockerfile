# The product in one image; Parts says what a container does (Portal, Detector, Trains).
#   docker build -t opsportal .
#   docker run -p 5080:5080 -v opsportal-data:/data opsportal --SignIn:Mode=OpenIdConnect …
# Without an identity provider it serves its own loopback only (SignIn:Mode=Personas), which nobody outside the container reaches.

FROM node:20-bookworm-slim AS node

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# The build calls npm: Node comes from its own image, so that no package index is asked.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
WORKDIR /src
# What is restored changes less often than the code.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig package.json package-lock.json ./
COPY build build
COPY src/OpsPortal.Core/OpsPortal.Core.csproj src/OpsPortal.Core/
COPY src/OpsPortal.Adapters/OpsPortal.Adapters.csproj src/OpsPortal.Adapters/
COPY src/OpsPortal/OpsPortal.csproj src/OpsPortal/
RUN dotnet restore src/OpsPortal && npm ci --no-audit --no-fund --ignore-scripts
COPY . .
RUN dotnet publish src/OpsPortal --configuration Release --no-restore --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# Everything is read-only but /data; the image's own user, not root.
RUN install -d -o $APP_UID -g $APP_UID /data
USER $APP_UID
VOLUME /data
ENV Data__Folder=/data Urls=http://+:5080 DOTNET_EnableDiagnostics=0
EXPOSE 5080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["dotnet", "OpsPortal.dll", "health-check"]
ENTRYPOINT ["dotnet", "OpsPortal.dll"]
