using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Signing;

/// <summary>User and password, secrets and where they come from, and whom a connection trusts.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task A_password_from_Secrets_Manager_is_read_once_and_again_when_it_was_exchanged()
    {
        var password = "first";
        await using var vault = await LoopbackPeer.StartAsync(request =>
            new SignatureCheck("secretsmanager", "eu-west-2", _ => ScriptedKeys.Known, TimeProvider.System).Refuse(request)
            ?? new PeerAnswer(200, $$"""{"Name":"fleet/search","SecretString":"{\"username\":\"portal\",\"password\":\"{{password}}\"}"}"""));
        await using var search = await LoopbackPeer.StartAsync(request =>
            new PeerAnswer(request.Header("Authorization") == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"portal:{password}")) ? 200 : 401));
        using var rig = new AwsRig(new ScriptedKeys(ScriptedKeys.Lasting), [("AWS_ENDPOINT_URL_SECRETS_MANAGER", vault.Address.AbsoluteUri)]);
        var (secrets, place) = (rig.Get<SecretSource>(), new SecretPlace(null, null, "fleet/search#password"));
        var access = new BasicAccess("portal", cancellationToken => secrets.GetAsync(place, cancellationToken), () => secrets.Forget(place));
        using var client = rig.Get<AwsHttp>().Create(new AwsPeer(AwsService.OpenSearch) { Endpoint = search.Address, Access = AwsAccess.Basic, Basic = access });

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("x")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("x")).StatusCode);
        Assert.Single(vault.Received);
        password = "second";
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("x", new StringContent("{}"))).StatusCode);

        Assert.Equal(2, vault.Received.Count);
        Assert.Equal("secretsmanager.GetSecretValue", vault.Received[0].Header("X-Amz-Target"));
        Assert.Equal("""{"SecretId":"fleet/search"}""", vault.Received[0].Text);
    }

    [Fact]
    public async Task A_secret_that_is_refused_says_which_and_why()
    {
        await using var vault = await LoopbackPeer.StartAsync(_ => PeerAnswer.Error(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret."));
        using var rig = new AwsRig(new ScriptedKeys(ScriptedKeys.Lasting), [("AWS_ENDPOINT_URL", vault.Address.AbsoluteUri)]);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await rig.Get<SecretSource>().GetAsync(new SecretPlace(null, null, "fleet/search"), default));

        Assert.Contains("fleet/search: 400 ResourceNotFoundException", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_in_a_file_is_read_without_its_last_line_end()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "open sesame \n");
        using var rig = new AwsRig(new ScriptedKeys(ScriptedKeys.Lasting));

        Assert.Equal("open sesame ", await rig.Get<SecretSource>().GetAsync(new SecretPlace(null, file, null), default));
        Assert.Equal("given", await rig.Get<SecretSource>().GetAsync(new SecretPlace("given", file, null), default));
        File.Delete(file);
    }

    [Fact]
    public async Task A_server_is_trusted_only_when_its_authority_is()
    {
        using var authority = Authority("Fleet CA");
        using var stranger = Authority("Somebody's CA");
        using var certificate = ServerCertificate(authority, "127.0.0.1");
        await using var peer = await LoopbackPeer.StartAsync((_, _) => Task.FromResult(new PeerAnswer(200)), certificate: certificate);

        Assert.Equal(HttpStatusCode.OK, await GetAsync(peer.Address, authority));
        await AssertRefusedAsync(peer, stranger);
        await AssertRefusedAsync(peer, null);
    }

    [Fact]
    public async Task A_server_of_another_name_is_not_trusted()
    {
        using var authority = Authority("Fleet CA");
        using var certificate = ServerCertificate(authority, "127.0.0.2");
        await using var peer = await LoopbackPeer.StartAsync((_, _) => Task.FromResult(new PeerAnswer(200)), certificate: certificate);

        await AssertRefusedAsync(peer, authority);
    }

    // Refused at once: a certificate does not become better by asking again.
    private static async Task AssertRefusedAsync(LoopbackPeer peer, X509Certificate2? authority)
    {
        var before = peer.Received.Count;
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(peer.Address, authority));
        Assert.Equal(HttpRequestError.SecureConnectionError, refused.HttpRequestError);
        Assert.Equal(before, peer.Received.Count);
    }

    private static async Task<HttpStatusCode> GetAsync(Uri address, X509Certificate2? authority)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, authority?.ExportCertificatePem());
        using var rig = new AwsRig(new ScriptedKeys(ScriptedKeys.Lasting), authority is null ? [] : [("Aws:CaFile", file)]);
        using var client = rig.Client(AwsService.OpenSearch, address);
        try
        {
            return (await client.GetAsync("x")).StatusCode;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
    }

    private static X509Certificate2 ServerCertificate(X509Certificate2 authority, string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=search", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(authority, TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddDays(7), [1, 2, 3, 4]);
        using var withKey = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }
}
