using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Health;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>A database user's name and password.</summary>
/// <param name="ExpiresAt">No new connection after this; connections that stand stay. Null = for ever.</param>
internal sealed record DatabaseLogin(string User, string Password, DateTimeOffset? ExpiresAt)
{
    /// <summary>Never says the password.</summary>
    public override string ToString() => User;
}

/// <summary>Gets credentials for a database user: of a cluster, of a workgroup, or from the place of the secret. Not remembered here: see <see cref="DatabaseSessions"/>.</summary>
internal sealed class RedshiftCredentials(AwsHttp http, SecretSource secrets, IOptions<RedshiftOptions> options) : IDisposable
{
    private readonly RedshiftOptions _options = options.Value;
    private readonly Lazy<HttpClient> _client = new(() => http.Create(new AwsPeer(options.Value.Login == RedshiftLogin.Serverless ? AwsService.RedshiftServerless : AwsService.Redshift)
    {
        Endpoint = options.Value.Endpoint,
        Region = options.Value.Region,
    }));

    public static SecretPlace PasswordOf(RedshiftOptions options) => new(options.Password, options.PasswordFile, options.PasswordSecret);

    /// <exception cref="WarehouseDeniedException">AWS gives this user none.</exception>
    /// <exception cref="StoreUnavailableException">AWS did not answer, or not well.</exception>
    public Task<DatabaseLogin> GetAsync(DatabaseUser user, CancellationToken cancellationToken) => _options.Login switch
    {
        RedshiftLogin.Cluster => OfClusterAsync(user, cancellationToken),
        RedshiftLogin.Serverless => OfWorkgroupAsync(cancellationToken),
        _ => OfSecretAsync(cancellationToken),
    };

    /// <summary>The password was refused: it is read anew.</summary>
    public void Forget() => secrets.Forget(PasswordOf(_options));

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    // https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html
    private async Task<DatabaseLogin> OfClusterAsync(DatabaseUser user, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("Action", "GetClusterCredentials"),
            new("Version", "2012-12-01"),
            new("ClusterIdentifier", _options.Cluster!),
            new("DbUser", user.Name),
            new("DbName", _options.Database),
            new("AutoCreate", _options.AutoCreate ? "true" : "false"),
            new("DurationSeconds", ((int)_options.CredentialsFor.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
        ];
        form.AddRange(user.Groups.Select((group, i) => KeyValuePair.Create($"DbGroups.DbGroup.{i + 1}", group)));
        using var content = new FormUrlEncodedContent(form);
        var answer = await AskAsync(new HttpRequestMessage(HttpMethod.Post, "") { Content = content }, user, cancellationToken);
        return Read(answer, "GetClusterCredentials", () =>
        {
            var result = XDocument.Parse(answer).Descendants().ToLookup(element => element.Name.LocalName, element => element.Value);
            return new DatabaseLogin(result["DbUser"].First(), result["DbPassword"].First(), DateTimeOffset.Parse(result["Expiration"].First(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
        });
    }

    // https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_GetCredentials.html
    private async Task<DatabaseLogin> OfWorkgroupAsync(CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["workgroupName"] = _options.Workgroup, ["dbName"] = _options.Database, ["durationSeconds"] = (int)_options.CredentialsFor.TotalSeconds };
        using var content = new StringContent(body.ToJsonString(), new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-amz-json-1.1"));
        var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = content };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", "RedshiftServerless.GetCredentials");
        var answer = await AskAsync(request, null, cancellationToken);
        return Read(answer, "GetCredentials", () =>
        {
            var result = JsonNode.Parse(answer)!;
            return new DatabaseLogin((string)result["dbUser"]!, (string)result["dbPassword"]!, DateTimeOffset.UnixEpoch.AddSeconds(result["expiration"]!.GetValue<double>()));
        });
    }

    private async Task<DatabaseLogin> OfSecretAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new DatabaseLogin(_options.User!, await secrets.GetAsync(PasswordOf(_options), cancellationToken), null);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException or HttpRequestException)
        {
            throw new StoreUnavailableException(RedshiftHealth.Store, $"its password cannot be read: {e.Message}", e);
        }
    }

    private async Task<string> AskAsync(HttpRequestMessage request, DatabaseUser? user, CancellationToken cancellationToken)
    {
        using var own = request;
        try
        {
            // Asking twice gives two passwords, and both hold.
            using var response = await _client.Value.SendAsync(request.With(AwsRequest.Repeatable, true), cancellationToken);
            if (await Refusal.ReadAsync(response, cancellationToken) is { } refusal)
            {
                throw Refused(refusal, user);
            }

            return await response.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new StoreUnavailableException(RedshiftHealth.Store, $"AWS gives no credentials for it now ({e.Message}).", e);
        }
    }

    private static Exception Refused(Refusal refusal, DatabaseUser? user)
    {
        if (refusal.Code is "AccessDenied" or "AccessDeniedException" or "UnauthorizedOperation"
            || (refusal.Status == HttpStatusCode.Forbidden && !refusal.IsSkew && !refusal.IsExpiredKeys && !refusal.IsThrottling))
        {
            var who = user is null ? "" : $" An administrator has to allow the database user {user.Name}{(user.Groups.Count == 0 ? "" : $" to join {string.Join(", ", user.Groups)}")}.";
            return new WarehouseDeniedException($"You have no warehouse access: AWS gives no credentials for you.{who}");
        }

        return new StoreUnavailableException(RedshiftHealth.Store, $"AWS gives no credentials for it: {(int)refusal.Status} {refusal.Code}");
    }

    private static DatabaseLogin Read(string answer, string call, Func<DatabaseLogin> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is System.Xml.XmlException or System.Text.Json.JsonException or FormatException or InvalidOperationException or NullReferenceException)
        {
            // The answer may hold a password: it is not repeated.
            throw new StoreUnavailableException(RedshiftHealth.Store, $"the answer to {call} cannot be read ({answer.Length} characters)", e);
        }
    }
}
