using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.OpenSearch;
using OpsPortal.Core.Access;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Health;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.OpenSearch;

namespace OpsPortal.Tests.Aws.OpenSearch;

/// <summary>A server that wants user and password, and has a certificate of its owner's: as a real OpenSearch with its security comes.</summary>
[Trait("Peer", "OpenSearchStub")]
public sealed class AddressTests : IDisposable
{
    private readonly string _caFile = Path.GetTempFileName();

    public void Dispose() => File.Delete(_caFile);

    [Fact]
    public async Task Over_https_with_user_and_password_all_is_as_without_and_is_cleaned_up()
    {
        await using var stub = await StartAsync("admin", "p@ss:w/rd");
        var server = RealServer.Parse($"https://admin:p%40ss:w%2Frd@127.0.0.1:{stub.Address.Port}", _caFile);
        await using (var process = Open(server.Settings()))
        {
            await process.Get<IAnomalyStore>().AppendAsync([Samples.Anomaly("a", Samples.Longsight(), Samples.Start)], default);
            Assert.Single(await process.Get<IAnomalyStore>().FindAsync(Scope.WholeFleet, new AnomalyQuery(null, null, null, null, null, 10), default));
        }

        await server.CleanAsync("t-");

        Assert.Equal((0, 0), stub.Look(indices => (indices.All.Count(), indices.Templates.Count)));
    }

    [Fact]
    public async Task A_password_that_is_wrong_is_said_and_not_shown()
    {
        await using var stub = await StartAsync("admin", "right");
        await using var process = Open(RealServer.Parse($"https://admin:wrong-one@127.0.0.1:{stub.Address.Port}", _caFile).Settings());

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => process.Get<IAnomalyStore>().AppendAsync([Samples.Anomaly("a", Samples.Longsight(), Samples.Start)], default));

        Assert.Contains("does not take the credentials (401)", failure.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-one", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OpenSearch:Endpoint")]
    [InlineData("AWS_ENDPOINT_URL_OPENSEARCH")]
    public void A_password_in_the_address_is_refused_with_what_to_do_and_not_shown(string key)
    {
        using var process = Open([(key, "http://admin:hunter2@localhost:9200")]);

        var refusal = Assert.Throws<OptionsValidationException>(() => process.Get<IOptions<OpenSearchOptions>>().Value);

        Assert.Contains("OpenSearch:Endpoint: a user and password in the address are not used", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Sign=Basic", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<OpenSearchStub> StartAsync(string user, string password)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=search", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var bare = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(7));
        await File.WriteAllTextAsync(_caFile, bare.ExportCertificatePem());
        var stub = await OpenSearchStub.StartAsync(certificate: X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pfx), null));
        var wanted = "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:{password}"));
        stub.Fail(request => request.Header("Authorization") == wanted ? null : new PeerAnswer(401, "Unauthorized"));
        return stub;
    }

    private static AwsRig Open(IEnumerable<(string Key, string Value)> settings) =>
        new(new ScriptedKeys(ScriptedKeys.Lasting), [.. settings, ("OpenSearch:IndexPrefix", "t-")], null, (services, configuration) => services.AddOpenSearchStores(configuration));
}
