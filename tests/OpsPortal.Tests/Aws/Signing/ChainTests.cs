using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Signing;

/// <summary>Where a process finds its keys: each place of the chain, in a process with an environment of its own.</summary>
public sealed class ChainTests : IDisposable
{
    private const string End = "2030-01-02T03:04:05Z";

    // The SDK counts a minute less, so that a request under way still finds the keys good.
    private const string EndInWords = "2030-01-02 03:03:05Z";

    private readonly string _home = Directory.CreateTempSubdirectory("opsportal-aws-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task The_environment()
    {
        await using var child = Start([("AWS_ACCESS_KEY_ID", "AKIDENV"), ("AWS_SECRET_ACCESS_KEY", "s1"), ("AWS_SESSION_TOKEN", "t1")]);

        Assert.Equal("AKIDENV s1 t1 -", await child.ReadAsync());
    }

    [Fact]
    public async Task A_named_profile_goes_before_the_environment_and_is_read_again_when_its_keys_were_refused()
    {
        Write(".aws/credentials", "[fleet]\naws_access_key_id = AKIDFILE\naws_secret_access_key = s1\n");
        await using var child = Start([("AWS_ACCESS_KEY_ID", "AKIDENV"), ("AWS_SECRET_ACCESS_KEY", "s0")], "fleet");
        Assert.Equal("AKIDFILE s1 - -", await child.ReadAsync());

        Write(".aws/credentials", "[fleet]\naws_access_key_id = AKIDNEXT\naws_secret_access_key = s2\n");
        await child.SayAsync("again");

        Assert.Equal("AKIDNEXT s2 - -", await child.ReadAsync());
    }

    [Fact]
    public async Task A_profile_that_is_not_there_is_said_with_its_key()
    {
        await using var child = Start([], "nowhere");

        Assert.StartsWith("none: Aws:Profile: there is no profile nowhere", await child.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_at_all_is_said()
    {
        await using var child = Start([]);

        Assert.StartsWith("none: ", await child.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_containers_endpoint_with_the_end_of_its_keys()
    {
        var reads = 0;
        await using var container = await LoopbackPeer.StartAsync(_ =>
            new PeerAnswer(200, $$"""{"AccessKeyId":"AKIDTASK{{++reads}}","SecretAccessKey":"s1","Token":"t1","Expiration":"{{End}}"}"""));
        await using var child = Start([("AWS_CONTAINER_CREDENTIALS_FULL_URI", $"{container.Address}keys")]);
        Assert.Equal($"AKIDTASK1 s1 t1 {EndInWords}", await child.ReadAsync());

        await child.SayAsync("refused");

        Assert.Equal($"AKIDTASK2 s1 t1 {EndInWords}", await child.ReadAsync());
    }

    [Fact]
    public async Task A_web_identity_through_STS()
    {
        Write("token", "the.web.token");
        await using var sts = await LoopbackPeer.StartAsync(request => request.Text.Contains("WebIdentityToken=the.web.token", StringComparison.Ordinal)
            ? new PeerAnswer(200, $"""
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
                <Credentials><AccessKeyId>AKIDWEB</AccessKeyId><SecretAccessKey>s1</SecretAccessKey><SessionToken>t1</SessionToken><Expiration>{End}</Expiration></Credentials>
                <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/portal/x</Arn><AssumedRoleId>A:x</AssumedRoleId></AssumedRoleUser>
                </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                """) { ContentType = "text/xml" }
            : new PeerAnswer(400));
        await using var child = Start([
            ("AWS_WEB_IDENTITY_TOKEN_FILE", Path.Combine(_home, "token")),
            ("AWS_ROLE_ARN", "arn:aws:iam::1:role/portal"),
            ("AWS_REGION", "eu-west-2"),
            ("AWS_ENDPOINT_URL_STS", sts.Address.AbsoluteUri)]);

        Assert.Equal($"AKIDWEB s1 t1 {EndInWords}", await child.ReadAsync());
    }

    [Fact]
    public async Task A_profile_of_single_sign_on()
    {
        await using var sso = await LoopbackPeer.StartAsync(request => request.Header("x-amz-sso_bearer_token") == "the-token"
            ? new PeerAnswer(200, """{"roleCredentials":{"accessKeyId":"AKIDSSO","secretAccessKey":"s1","sessionToken":"t1","expiration":1893553445000}}""")
            : new PeerAnswer(401));
        Write(".aws/config", $"""
            [profile fleet]
            sso_session = desk
            sso_account_id = 123456789012
            sso_role_name = portal
            region = eu-west-2
            services = local
            [sso-session desk]
            sso_region = eu-west-2
            sso_start_url = https://fleet.awsapps.example/start
            [services local]
            sso =
              endpoint_url = {sso.Address}

            """);
        // Named after the SHA-1 of the session's name.
        Write(".aws/sso/cache/46e7cfa080913f4dae18d802d041de7d664b10e2.json", """{"accessToken":"the-token","expiresAt":"2030-01-02T03:04:05Z","region":"eu-west-2","startUrl":"https://fleet.awsapps.example/start"}""");
        await using var child = Start([("AWS_REGION", "eu-west-2"), ("AWS_ENDPOINT_URL_SSO", sso.Address.AbsoluteUri)], "fleet");

        Assert.Equal($"AKIDSSO s1 t1 {EndInWords}", await child.ReadAsync());
    }

    private ChildProcess Start(IEnumerable<(string Key, string Value)> environment, params string[] profile) =>
        ChildProcess.Start(_home, environment, [ReadKeysProgram.Name, .. profile]);

    private void Write(string path, string text)
    {
        var file = Path.Combine(_home, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
