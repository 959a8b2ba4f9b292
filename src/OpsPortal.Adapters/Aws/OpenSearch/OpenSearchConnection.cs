using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Adapters.Aws.OpenSearch;

/// <summary>The way to the server, as the options say: address, signature or password, trust.</summary>
internal sealed class OpenSearchConnection(AwsHttp http, SecretSource secrets, IOptions<OpenSearchOptions> options) : IDisposable
{
    public HttpClient Http { get; } = http.Create(PeerOf(options.Value, secrets));

    public static AwsService ServiceOf(OpenSearchOptions options) => options.Service == "aoss" ? AwsService.OpenSearchServerless : AwsService.OpenSearch;

    public static SecretPlace PasswordOf(OpenSearchOptions options) => new(options.Password, options.PasswordFile, options.PasswordSecret);

    public void Dispose() => Http.Dispose();

    private static AwsPeer PeerOf(OpenSearchOptions options, SecretSource secrets) => new(ServiceOf(options))
    {
        Endpoint = options.Endpoint,
        Region = options.Region,
        Access = options.Sign,
        Basic = options.Sign == AwsAccess.Basic ? AccessOf(options, secrets) : null,
        CaFile = options.CaFile,
        Timeout = options.Timeout,
        Retries = options.Retries,
    };

    private static BasicAccess AccessOf(OpenSearchOptions options, SecretSource secrets)
    {
        var password = PasswordOf(options);
        return new BasicAccess(options.User!, cancellationToken => secrets.GetAsync(password, cancellationToken), () => secrets.Forget(password));
    }
}
