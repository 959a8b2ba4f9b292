using Microsoft.Extensions.Options;

namespace OpsPortal.Keys;

/// <summary>Refuses a folder that cannot be written and a file that holds no secret. What it holds is never repeated.</summary>
internal sealed class KeyOptionsCheck : IValidateOptions<KeyOptions>
{
    public ValidateOptionsResult Validate(string? name, KeyOptions options)
    {
        var wrong = new List<string>();
        if (!string.IsNullOrEmpty(options.Folder) && ProblemOf(() => Directory.CreateDirectory(options.Folder)) is { } folder)
        {
            wrong.Add($"Keys:Folder: cannot be used: {folder}");
        }

        if (!string.IsNullOrEmpty(options.EncryptedWith) && ProblemOf(() => KeySecrets.Read(options.EncryptedWith)) is { } file)
        {
            wrong.Add($"Keys:EncryptedWith: {file}");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static string? ProblemOf(Action attempt)
    {
        try
        {
            attempt();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            return e.Message;
        }
    }
}
