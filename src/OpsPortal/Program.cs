using OpsPortal.Adapters.Embedded;
using OpsPortal.Adapters.Embedded.Access;
using OpsPortal.Adapters.Simulated;
using OpsPortal.Api;
using OpsPortal.Door;
using OpsPortal.Feed;
using OpsPortal.Layout;
using OpsPortal.Parts;
using OpsPortal.SignIn;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseStaticWebAssets();
var parts = PartsConfiguration.Read(builder.Configuration);

builder.Services.AddEmbeddedStores(builder.Configuration).AddEmbeddedSessions();
builder.Services.AddSimulatedNetwork(builder.Configuration);
builder.Services.AddAlertBook();
builder.Services.AddDoor().AddSignIn().AddFeed().AddApi().AddLayout();

if (parts.HasFlag(Part.Portal))
{
    builder.Services.AddDelivery();
}

if (parts.HasFlag(Part.Detector))
{
    builder.Services.AddDetector();
}

if (parts.HasFlag(Part.Trains))
{
    builder.Services.AddSimulatedTrains(builder.Configuration);
}

var app = builder.Build();

app.UseApiFailures();
app.UseDoor();
app.UsePages();
app.UseSignIn();

app.MapStaticAssets().AllowAnonymous();
app.MapSignIn();
app.MapFeed();
app.MapApi();
app.MapPages();

return await app.RunToEndAsync(parts);
