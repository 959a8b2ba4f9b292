#!/bin/sh
# Makes what the containers of compose.yaml need to trust each other, at the first start. Each may read its own folder.
set -eu
cd "${SECRETS:-/secrets}"
[ -e made ] && exit 0
command -v openssl >/dev/null || apk add --no-cache openssl >/dev/null
mkdir -p portal warehouse s3
word() { printf %s "$(openssl rand -hex 24)"; }

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=OpsPortal compose" -keyout ca.key -out portal/ca.pem 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=warehouse" -keyout warehouse/server.key -out server.csr 2>/dev/null
printf 'subjectAltName=DNS:warehouse\nextendedKeyUsage=serverAuth\n' >server.ext
openssl x509 -req -in server.csr -CA portal/ca.pem -CAkey ca.key -CAcreateserial -days 3650 -extfile server.ext -out warehouse/server.pem 2>/dev/null
rm -f ca.key server.csr server.ext portal/ca.srl

word >warehouse/admin-password
word >portal/warehouse-password
cp portal/warehouse-password warehouse/portal-password
word >s3/password
printf '[default]\naws_access_key_id = opsportal\naws_secret_access_key = %s\n' "$(cat s3/password)" >portal/aws-credentials

# 999 is postgres in its image, 1654 the product in .NET's.
chown -R "${WAREHOUSE_UID:-999}" warehouse
chown -R "${PRODUCT_UID:-1654}" portal
chmod 700 portal warehouse
chmod 600 warehouse/* portal/*
chmod 755 s3
touch made
