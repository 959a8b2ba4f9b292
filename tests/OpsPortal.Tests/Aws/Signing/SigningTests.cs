using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Signing;

/// <summary>Signed requests over the loopback, checked by the service's side of the algorithm.</summary>
public sealed class SigningTests : IAsyncLifetime
{
    private readonly AwsRig _rig = new(new ScriptedKeys(ScriptedKeys.Lasting));
    private LoopbackPeer _peer = null!;
    private string _service = "es";

    public async Task InitializeAsync() => _peer = await LoopbackPeer.StartAsync(request =>
        new SignatureCheck(_service, "eu-west-2", id => id == ScriptedKeys.Known.Id ? ScriptedKeys.Known : null, TimeProvider.System).Refuse(request) ?? new PeerAnswer(200, "{}"));

    public async Task DisposeAsync()
    {
        _rig.Dispose();
        await _peer.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("_bulk")]
    [InlineData("trains/_doc/390%2F042")]
    [InlineData("readings-2026.11.21,readings-2026.11.22/_search")]
    [InlineData("anomalies-*/_search?ignore_unavailable=true&allow_no_indices=true")]
    [InlineData("%3Creadings-%7Bnow%2Fd%7D%3E/_search")]
    [InlineData("things/train:390-042/shadow?name=operations")]
    [InlineData("a b/ü/ሴ/(x)!'$@+;=")]
    [InlineData("x?b=2&a=1&b=1&a=&c")]
    [InlineData("x?q=a+b%2Bc d&r=%c3%bc&s=*~'()")]
    [InlineData("x?=empty&&name")]
    [InlineData("a//b/?x=1")]
    [InlineData("100%25/50%?q=%zz")]
    public async Task Every_kind_of_address_verifies(string address)
    {
        using var client = _rig.Client(AwsService.OpenSearch, _peer.Address);

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete, HttpMethod.Head })
        {
            using var request = new HttpRequestMessage(method, address);
            Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(request)).StatusCode);
        }
    }

    [Theory]
    [InlineData("", "application/json")]
    [InlineData("{}", "application/json; charset=utf-8")]
    [InlineData("{\"index\":{}}\n{\"name\":\"Führerstand ሴ\"}\n", "application/x-ndjson")]
    [InlineData("Action=GetClusterCredentials&Version=2012-12-01", "application/x-www-form-urlencoded")]
    public async Task Every_kind_of_body_verifies(string body, string type)
    {
        using var client = _rig.Client(AwsService.OpenSearch, _peer.Address);
        using var content = new StringContent(body, MediaTypeHeaderValue.Parse(type));

        Assert.Equal(HttpStatusCode.OK, (await client.PutAsync("x/_doc/1", content)).StatusCode);
        Assert.Equal(body, _peer.Received.Single().Text);
    }

    [Fact]
    public async Task A_body_that_can_be_read_only_once_verifies()
    {
        using var client = _rig.Client(AwsService.OpenSearch, _peer.Address);
        using var source = new OnceStream(new byte[200_000]);

        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("_bulk", new StreamContent(source))).StatusCode);
        Assert.Equal(200_000, _peer.Received.Single().Body.Length);
    }

    [Fact]
    public async Task A_request_in_many_kinds_of_services_names_its_own()
    {
        foreach (var service in new[] { AwsService.OpenSearchServerless, AwsService.IotData, AwsService.Kinesis, AwsService.Firehose, AwsService.Redshift, AwsService.RedshiftServerless, AwsService.SecretsManager, AwsService.QuickSight, AwsService.S3 })
        {
            _service = service.SigningName;
            using var client = _rig.Client(service, _peer.Address);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("a%20b/c:d?x=y%2Fz")).StatusCode);
        }

        Assert.All(_peer.Received, request => Assert.StartsWith("OpsPortal/0.1 correlation/", request.Header("User-Agent"), StringComparison.Ordinal));
        Assert.NotNull(_peer.Received[0].Header("x-amz-content-sha256"));
    }

    [Fact]
    public async Task The_target_header_of_a_JSON_service_is_signed()
    {
        using var client = _rig.Client(AwsService.OpenSearch, _peer.Address);
        using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = new StringContent("{}") };
        request.Headers.Add("X-Amz-Target", "Kinesis_20131202.GetRecords");

        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(request)).StatusCode);
        Assert.Contains("x-amz-target", _peer.Received.Single().Header("Authorization"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("body")]
    [InlineData("path")]
    [InlineData("query")]
    [InlineData("header")]
    [InlineData("host")]
    [InlineData("method")]
    [InlineData("date")]
    [InlineData("nothing")]
    public async Task What_is_changed_on_the_way_is_refused(string what)
    {
        using var keys = new AwsRig(new ScriptedKeys(ScriptedKeys.Lasting));
        var signing = new SigningHandler(AwsService.OpenSearch, "eu-west-2", keys.Get<KeyRing>(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance)
        {
            InnerHandler = new Tampering(what) { InnerHandler = new SocketsHttpHandler() },
        };
        using var client = new HttpClient(signing);

        using var content = new StringContent("{\"a\":1}", Encoding.UTF8, "application/json");
        var answer = await client.PostAsync(new Uri(_peer.Address, "trains/_doc/1?refresh=true"), content);

        Assert.Equal(what == "nothing" ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Without_a_signature_or_with_an_unknown_key_nothing_is_given()
    {
        using var unsigned = _rig.Client(AwsService.OpenSearch, _peer.Address, AwsAccess.None);
        Assert.Equal(HttpStatusCode.Forbidden, (await unsigned.GetAsync("x")).StatusCode);

        using var other = new AwsRig(new ScriptedKeys(ScriptedKeys.Lasting with { SecretKey = "another" }));
        using var client = other.Client(AwsService.OpenSearch, _peer.Address);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("x")).StatusCode);
        Assert.Equal(2, _peer.Received.Count);
    }

    private sealed class Tampering(string what) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var address = request.RequestUri!;
            switch (what)
            {
                case "body":
                    request.Content = new StringContent("{\"a\":2}", Encoding.UTF8, "application/json");
                    break;
                case "path":
                    request.RequestUri = new Uri(address.AbsoluteUri.Replace("_doc/1", "_doc/2", StringComparison.Ordinal));
                    break;
                case "query":
                    request.RequestUri = new Uri(address.AbsoluteUri + "&routing=x");
                    break;
                case "header":
                    request.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
                    break;
                case "host":
                    request.Headers.Host = "elsewhere";
                    break;
                case "method":
                    request.Method = HttpMethod.Put;
                    break;
                case "date":
                    var date = DateTimeOffset.ParseExact(request.Headers.GetValues("X-Amz-Date").Single(), "yyyyMMdd'T'HHmmss'Z'", null);
                    request.Headers.Remove("X-Amz-Date");
                    request.Headers.Add("X-Amz-Date", date.AddSeconds(1).UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'"));
                    break;
            }

            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class OnceStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Seek(long offset, SeekOrigin loc) => throw new NotSupportedException();
    }
}
