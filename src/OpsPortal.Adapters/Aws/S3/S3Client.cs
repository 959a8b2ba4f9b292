using Amazon.Runtime;
using Amazon.S3;
using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>
/// The AWS SDK's client of one bucket, over this product's own way to AWS: the SDK writes requests and reads answers; signature, repetition,
/// time limits, trust and the clock are those of every other service (<see cref="AwsHttp"/>). A number of requests at once is kept.
/// </summary>
internal sealed class S3Client : IDisposable
{
    private readonly HttpClient _http;
    private readonly AmazonS3Client _s3;
    private readonly SemaphoreSlim _inFlight;

    /// <param name="watch">Is told of every answer.</param>
    public S3Client(S3Place place, S3Options options, AwsHttp http, Action<HttpResponseMessage> watch)
    {
        _inFlight = new SemaphoreSlim(options.MaxInFlight);
        _http = http.Create(new AwsPeer(AwsService.S3)
        {
            Endpoint = place.Endpoint,
            Region = place.Region,
            CaFile = options.CaFile,
            Timeout = options.Timeout,
            Retries = options.Retries,
            MaxConnections = options.MaxInFlight,
            Watch = watch,
        });
        _s3 = new AmazonS3Client(new AnonymousAWSCredentials(), new AmazonS3Config
        {
            ServiceURL = place.Endpoint.AbsoluteUri,
            AuthenticationRegion = place.Region,
            ForcePathStyle = place.PathStyle,
            // Repetition is the way's, see above.
            MaxErrorRetry = 0,
            // Bodies go out whole and signed; other servers than AWS's know no checksum trailers.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            HttpClientFactory = new OneClient(_http),
        });
    }

    public async Task<T> RunAsync<T>(Func<IAmazonS3, Task<T>> call, CancellationToken cancellationToken)
    {
        await _inFlight.WaitAsync(cancellationToken);
        try
        {
            return await call(_s3);
        }
        finally
        {
            _inFlight.Release();
        }
    }

    public void Dispose()
    {
        _s3.Dispose();
        _http.Dispose();
        _inFlight.Dispose();
    }

    private sealed class OneClient(HttpClient http) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
