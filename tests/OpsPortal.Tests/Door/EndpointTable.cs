using OpsPortal.Core.Access;

namespace OpsPortal.Tests.Door;

/// <summary>Who may come through which address. A new endpoint must be entered here, or the tests are red.</summary>
internal static class EndpointTable
{
    /// <summary>Needs no sign-in.</summary>
    public const string Open = "open";

    /// <summary>Needs a user, of any role.</summary>
    public const string User = "user";

    private static readonly Dictionary<string, (string Who, string? Body)> Routes = new(StringComparer.Ordinal)
    {
        // A page's POST is that of its forms; pages without any take none.
        ["ANY /_blazor"] = (User, null),
        ["ANY /_blazor/disconnect/"] = (User, null),
        ["ANY /_blazor/initializers/"] = (User, null),
        ["ANY /_blazor/negotiate"] = (User, null),
        ["ANY /hubs/feed"] = (User, null),
        ["ANY /hubs/feed/negotiate"] = (User, null),
        ["GET /"] = (User, null),
        ["GET /_framework/opaque-redirect"] = (User, null),
        ["GET /alerts"] = (User, null),
        ["GET /api/alerts"] = (User, null),
        ["GET /api/alerts/{id}"] = (User, null),
        ["GET /api/anomalies"] = (User, null),
        ["GET /api/audit"] = (nameof(Verb.ReadAudit), null),
        ["GET /api/audit/download"] = (nameof(Verb.ReadAudit), null),
        ["GET /api/audit/verify"] = (nameof(Verb.ReadAudit), null),
        ["GET /audit"] = (nameof(Verb.ReadAudit), null),
        ["GET /api/extracts"] = (nameof(Verb.MakeExtracts), null),
        ["GET /api/extracts/size"] = (nameof(Verb.MakeExtracts), null),
        ["GET /api/extracts/{id}"] = (nameof(Verb.MakeExtracts), null),
        ["GET /api/extracts/{id}/files/{number}"] = (nameof(Verb.MakeExtracts), null),
        ["GET /api/extracts/{id}/manifest"] = (nameof(Verb.MakeExtracts), null),
        ["GET /api/fleet"] = (User, null),
        ["GET /api/health/pipeline"] = (User, null),
        ["GET /api/health/services"] = (User, null),
        ["GET /api/me"] = (User, null),
        ["GET /api/network"] = (User, null),
        ["GET /api/queries"] = (nameof(Verb.RunQueries), null),
        ["GET /api/queries/{id}"] = (nameof(Verb.RunQueries), null),
        ["GET /api/queries/{id}/rows"] = (nameof(Verb.RunQueries), null),
        ["GET /api/raw-files"] = (Open, null),
        ["GET /api/reports"] = (nameof(Verb.ReadReports), null),
        ["GET /api/reports/{name}"] = (nameof(Verb.ReadReports), null),
        ["GET /api/sessions"] = (User, null),
        ["GET /api/tokens"] = (nameof(Verb.MakeTokens), null),
        ["GET /api/trains/{id}"] = (User, null),
        ["GET /api/trains/{id}/readings"] = (User, null),
        ["GET /api/trains/{id}/shadow"] = (User, null),
        ["GET /api/warehouse/running"] = (nameof(Verb.RunQueries), null),
        ["GET /api/warehouse/schema"] = (nameof(Verb.RunQueries), null),
        ["GET /api/warehouse/starters"] = (nameof(Verb.RunQueries), null),
        ["GET /openapi/{documentName}.json"] = (User, null),
        ["GET /extracts"] = (User, null),
        ["GET /reports"] = (User, null),
        ["GET /reports/{Name}"] = (User, null),
        ["GET /sessions"] = (User, null),
        ["GET /style"] = (User, null),
        ["GET /tokens"] = (User, null),
        ["GET /trains/{Id}"] = (User, null),
        ["GET /workbench"] = (User, null),
        ["GET /error"] = (Open, null),
        ["GET /healthz/live"] = (Open, null),
        ["GET /healthz/ready"] = (Open, null),
        ["GET /not-allowed"] = (Open, null),
        ["GET /not-found"] = (Open, null),
        ["GET /sign-in"] = (Open, null),
        ["GET /sign-in/start"] = (Open, null),
        ["GET /sign-out/provider"] = (Open, null),
        ["GET /signed-out"] = (Open, null),
        ["DELETE /api/queries/{id}"] = (nameof(Verb.RunQueries), null),
        ["DELETE /api/extracts/{id}"] = (nameof(Verb.MakeExtracts), null),
        ["DELETE /api/extracts/{id}/token"] = (nameof(Verb.MakeExtracts), null),
        ["DELETE /api/sessions"] = (User, null),
        ["DELETE /api/sessions/{id}"] = (User, null),
        ["DELETE /api/tokens/{id}"] = (nameof(Verb.MakeTokens), null),
        ["POST /api/alerts/acknowledge"] = (nameof(Verb.Acknowledge), """{"ids":["none"],"note":"x"}"""),
        ["POST /api/alerts/{id}/acknowledge"] = (nameof(Verb.Acknowledge), """{"note":"x"}"""),
        ["POST /api/demo/faults"] = (nameof(Verb.PlantFault), """{}"""),
        ["POST /api/queries"] = (nameof(Verb.RunQueries), """{"sql":""}"""),
        ["POST /api/extracts"] = (nameof(Verb.MakeExtracts), """{}"""),
        ["POST /api/extracts/{id}/token"] = (nameof(Verb.MakeExtracts), null),
        ["POST /api/tokens"] = (nameof(Verb.MakeTokens), """{"name":"","days":1}"""),
        ["POST /csp-reports"] = (Open, """{}"""),
        ["POST /sign-in"] = (Open, null),
        ["POST /sign-in/back-channel"] = (Open, null),
        ["POST /sign-in/here"] = (User, null),
        ["POST /sign-in/persona"] = (Open, """{"persona":"nobody"}"""),
        ["POST /sign-out"] = (User, null),
        ["POST /"] = (User, null),
        ["POST /audit"] = (nameof(Verb.ReadAudit), null),
        ["POST /alerts"] = (User, null),
        ["POST /extracts"] = (User, null),
        ["POST /reports"] = (User, null),
        ["POST /reports/{Name}"] = (User, null),
        ["POST /sessions"] = (User, null),
        ["POST /style"] = (User, null),
        ["POST /tokens"] = (User, null),
        ["POST /trains/{Id}"] = (User, null),
        ["POST /workbench"] = (User, null),
        ["POST /error"] = (Open, null),
        ["POST /not-allowed"] = (Open, null),
        ["POST /not-found"] = (Open, null),
        ["POST /signed-out"] = (Open, null),
    };

    public static IReadOnlyDictionary<string, (string Who, string? Body)> All => Routes;

    /// <summary>Whether the role may, by the table and <see cref="RoleVerbs"/>.</summary>
    public static bool Lets(string who, Role? role) => who == Open || (role is { } some && (who == User || RoleVerbs.Of(some).Contains(Enum.Parse<Verb>(who))));
}
