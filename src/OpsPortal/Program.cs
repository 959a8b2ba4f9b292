using OpsPortal.Adapters.Embedded;
using OpsPortal.Adapters.Embedded.Access;
using OpsPortal.Api;
using OpsPortal.Door;
using OpsPortal.Feed;
using OpsPortal.SignIn;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddEmbeddedStores(builder.Configuration).AddEmbeddedSessions();
builder.Services.AddDoor().AddSignIn().AddFeed().AddApi();
builder.Services.AddRazorComponents().AddInteractiveServerComponents();

var app = builder.Build();

app.UseApiFailures();
app.UseDoor();
app.UseSignIn();

app.MapStaticAssets().AllowAnonymous();
app.MapSignIn();
app.MapFeed();
app.MapApi();

await app.RunAsync();
