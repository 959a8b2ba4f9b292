namespace OpsPortal.Keys;

/// <summary>The keys with which forms, sign-ins under way and the provider's tokens are protected. Section <c>Keys</c>.</summary>
internal sealed class KeyOptions
{
    public const string Section = "Keys";

    /// <summary>Where they are kept; the same place for all processes that stand behind one address. Default: <c>keys</c> in Data:Folder.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// A file with one or more secrets of 32 bytes in base64, a line each: keys are kept encrypted with the first and read with any.
    /// Made by <c>openssl rand -base64 32</c>; a new one is put in front of the old. Default none: then they are kept in the clear.
    /// </summary>
    public string? EncryptedWith { get; init; }
}
