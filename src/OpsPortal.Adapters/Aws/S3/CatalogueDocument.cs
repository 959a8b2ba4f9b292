using System.Text.Json;
using System.Text.Json.Serialization;
using OpsPortal.Core.Extracts;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>
/// What a raw file in the bucket holds, as an object of its own beside it: trains and their times are more than an object's metadata may
/// take. Apart from the files themselves, so that what reads all of <c>raw/</c> (a warehouse's external table) does not meet it.
/// </summary>
internal sealed record CatalogueDocument(string Key, string Depot, long Bytes, string Sha256, RawFileContent Content)
{
    /// <summary>Name of the SHA-256 in an object's metadata.</summary>
    public const string Sha256Metadata = "sha256";

    /// <summary>Media type of the document.</summary>
    public const string ContentType = "application/json";

    public static CatalogueDocument Of(RawFile file, IReadOnlyList<RawFileTrain> trains) =>
        new(file.Key, file.Depot, file.Bytes, file.Checksum!.Value, file.Content! with { Trains = trains });

    /// <summary>Key of the document.</summary>
    /// <param name="prefix">What all keys of the bucket begin with.</param>
    public static string KeyOf(string prefix, string fileKey) => $"{prefix}catalogue/{fileKey}.json";

    /// <summary>The document, or null when the bytes are none.</summary>
    public static CatalogueDocument? Read(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, S3Json.Default.CatalogueDocument) is { Content.Trains: not null, Sha256: not null, Depot: not null } document ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, S3Json.Default.CatalogueDocument);
}

/// <summary>How documents are written into the bucket.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CatalogueDocument))]
internal sealed partial class S3Json : JsonSerializerContext;
