namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>What requests are signed with.</summary>
/// <param name="ExpiresAt">UTC; null for keys without an end.</param>
internal sealed record AwsKeys(string AccessKeyId, string SecretKey, string? SessionToken, DateTimeOffset? ExpiresAt)
{
    /// <summary>Never says the secret.</summary>
    public override string ToString() => $"keys {AccessKeyId}";
}

/// <summary>Where keys come from.</summary>
internal interface ICredentialSource
{
    /// <summary>Reads keys.</summary>
    /// <param name="fresh">The keys read before are near their end or were refused: what is remembered of them must not be given again.</param>
    Task<AwsKeys> ReadAsync(bool fresh, CancellationToken cancellationToken);
}
