namespace OpsPortal.Adapters.Aws.OpenSearch.Client;

/// <summary>The server has understood the request and will not do it (400, 404, 405, 408, 409, 413; as a cause 401 and 403).</summary>
internal sealed class OpenSearchRefusedException(int status, OpenSearchError error)
    : Exception($"OpenSearch answers {status}: {error}")
{
    public int Status { get; } = status;

    public OpenSearchError Error { get; } = error;
}

/// <summary>The answer holds less than was asked for: shards failed, or time ran out. Never to be taken as the whole.</summary>
internal sealed class OpenSearchIncompleteException(string message) : Exception(message);

/// <summary>What the server says of a failure, in its own words: the type, and the reason with those behind it.</summary>
internal readonly record struct OpenSearchError(string Type, string Reason)
{
    public override string ToString() => Type.Length == 0 ? Reason : $"{Type}: {Reason}";
}
