namespace OpsPortal.Core.Extracts;

/// <summary>How a file that is handed out is named to browsers (RFC 6266).</summary>
public static class Attachment
{
    /// <summary>Media type of raw files.</summary>
    public const string RawFileType = "application/gzip";

    /// <summary>The value of Content-Disposition: saved, never shown, under this name; with one in plain letters for those who read no other.</summary>
    public static string Of(string fileName)
    {
        var plain = string.Concat(fileName.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : '_'));
        return $"attachment; filename=\"{plain}\"; filename*=UTF-8''{Uri.EscapeDataString(fileName)}";
    }
}
