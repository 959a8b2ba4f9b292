var builder = WebApplication.CreateBuilder(args);

builder.Services.AddRazorComponents().AddInteractiveServerComponents();

var app = builder.Build();

app.MapStaticAssets();
app.MapGet("/healthz/live", () => "ok");

await app.RunAsync();
