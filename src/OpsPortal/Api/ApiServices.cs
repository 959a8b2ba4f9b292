using OpsPortal.Alerts;
using OpsPortal.Audit;
using OpsPortal.Core.Alerts;
using OpsPortal.Detection;
using OpsPortal.Door;
using OpsPortal.Extracts;
using OpsPortal.Fleet;
using OpsPortal.Health;
using OpsPortal.Map;
using OpsPortal.Reports;
using OpsPortal.Reports.Mail;
using OpsPortal.Sessions;
using OpsPortal.Shadows;
using OpsPortal.SignIn;
using OpsPortal.Telemetry;
using OpsPortal.Tokens;
using OpsPortal.Workbench;
using OpsPortal.Workbench.Unload;

namespace OpsPortal.Api;

internal static class ApiServices
{
    /// <summary>What all endpoints share: JSON, problem details, the description.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options => WireJson.Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddProblemDetails();
        services.AddExceptionHandler<FailureAnswers>();
        services.AddOpenApi(Description.Complete);
        services.AddSingleton<AlertBook>();
        services.AddSingleton<FaultDesk>();
        return services;
    }

    /// <summary>Answers with a body where something answered with a bare status (unknown path, wrong method, wrong content type).</summary>
    public static void UseApiFailures(this WebApplication app)
    {
        app.UseExceptionHandler("/error");
        app.UseStatusCodePages(async context =>
        {
            if (!context.HttpContext.Request.IsForPage())
            {
                var status = context.HttpContext.Response.StatusCode;
                await Problem.Of(status, Words(status)).ExecuteAsync(context.HttpContext);
            }
        });
    }

    /// <summary>Maps every endpoint of the HTTP API.</summary>
    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup("/api").RequireAuthorization();
        api.AddEndpointFilter(UnknownParameters.RefuseAsync);
        api.MapMe();
        api.MapFleet();
        api.MapNetwork();
        api.MapReadings();
        api.MapShadows();
        api.MapAnomalies();
        api.MapAlerts();
        api.MapFaults();
        api.MapHealth();
        api.MapAudit();
        api.MapTokens();
        api.MapExtracts();
        api.MapSessions();
        api.MapQueries();
        api.MapUnloads();
        api.MapReports();
        api.MapReportMails();
        api.MapSavedQueries();
        app.MapProbes();
        app.MapOpenApi().RequireAuthorization();
    }

    private static string Words(int status) => status switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take this method.",
        StatusCodes.Status415UnsupportedMediaType => "Send JSON, with Content-Type: application/json.",
        _ => "The request was refused.",
    };
}
