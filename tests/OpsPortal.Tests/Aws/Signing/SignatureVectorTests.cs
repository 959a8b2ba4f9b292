using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Signing;

/// <summary>The signer, and the checker that the other tests trust, against AWS's published requests.</summary>
public sealed class SignatureVectorTests
{
    private static readonly AwsKeys Keys = new(SignatureVectors.KeyId, SignatureVectors.Secret, null, null);
    private static readonly AwsService Service = new(SignatureVectors.Service, "SERVICE", null);

    public static TheoryData<string> Names => [.. SignatureVectors.All.Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_checker_takes_what_AWS_has_published(string name) => Assert.Null(Refusal(Find(name).Request));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_checker_refuses_each_with_another_method(string name) =>
        Assert.Equal(403, Refusal(Find(name).Request with { Method = "PATCH" })!.Status);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_signer_signs_as_AWS_has_published(string name)
    {
        var vector = Find(name);
        var headers = vector.Request.Headers.Where(header => header.Name != "Authorization");
        var hash = SigV4.Hex(System.Security.Cryptography.SHA256.HashData(vector.Request.Body));

        var canonical = CanonicalRequest.Create(Service, vector.Request.Method, vector.Request.Path, vector.Request.Query, headers, hash);

        Assert.Equal(vector.SignedHeaders, canonical.SignedHeaders);
        Assert.Equal(vector.Request.Header("Authorization"), SigV4.Authorization(Keys, Service, SignatureVectors.Region, SignatureVectors.Date, canonical));
    }

    private static SignatureVector Find(string name) => SignatureVectors.All.Single(vector => vector.Name == name);

    private static PeerAnswer? Refusal(ReceivedRequest request)
    {
        var key = new KnownKey(SignatureVectors.KeyId, SignatureVectors.Secret, request.Header("X-Amz-Security-Token"));
        return new SignatureCheck(SignatureVectors.Service, SignatureVectors.Region, id => id == key.Id ? key : null, new ManualTime(SignatureVectors.At)).Refuse(request);
    }
}
