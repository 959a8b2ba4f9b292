using OpsPortal.Adapters;
using OpsPortal.Adapters.Embedded.Access;
using OpsPortal.Adapters.Simulated;
using OpsPortal.Api;
using OpsPortal.Audit;
using OpsPortal.Door;
using OpsPortal.Extracts;
using OpsPortal.Feed;
using OpsPortal.Layout;
using OpsPortal.Parts;
using OpsPortal.Reports;
using OpsPortal.Sessions;
using OpsPortal.SignIn;
using OpsPortal.Tokens;
using OpsPortal.Workbench;

if (Help.WasAskedFor(args))
{
    return 0;
}

if (await HealthCheck.RunWhenAskedForAsync(args) is { } health)
{
    return health;
}

if (await AuditVerify.RunWhenAskedForAsync(args, (services, configuration) => services.AddAdapters(configuration)) is { } verified)
{
    return verified;
}

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseStaticWebAssets();
if (PartsConfiguration.Problem(builder.Configuration) is { } problem)
{
    return Starting.Refuse([problem]);
}

var parts = PartsConfiguration.Read(builder.Configuration);

builder.Services.AddAdapters(builder.Configuration).AddEmbeddedSessions();
builder.Services.AddAudit();
builder.Services.AddSimulatedNetwork(builder.Configuration);
builder.Services.AddAlertBook();
builder.Services.AddDoor().AddSignIn(builder.Configuration).AddTokens().AddWorkbench().AddExtracts().AddReports().AddFeed().AddApi().AddLayout();

if (parts.HasFlag(Part.Portal))
{
    builder.Services.AddDelivery().AddMergedDownloads().AddReportMail();
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
if (ConfigurationCheck.Find(builder.Services, app.Services, app.Configuration) is { Count: > 0 } mistakes)
{
    return Starting.Refuse(mistakes);
}

app.UseApiFailures();
app.UseDoor();
app.UsePages();
app.UseSignIn();
app.UseTokens();
app.UseLimits();
app.UseSessions();

app.MapStaticAssets().AllowAnonymous();
app.MapCspReports();
app.MapSignIn();
app.MapFeed();
app.MapApi();
app.MapPages();

return await app.RunToEndAsync(parts);
