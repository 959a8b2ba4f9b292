using Microsoft.Extensions.Options;
using OpsPortal.Core.Audit;

namespace OpsPortal.Audit;

/// <summary>Refuses a key that cannot sign, and places that cannot be written. What a key file holds is never repeated.</summary>
internal sealed class AuditOptionsCheck : IValidateOptions<AuditOptions>
{
    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        var wrong = new List<string?>
        {
            string.IsNullOrEmpty(options.KeyFile) ? null : ProblemOf("Audit:KeyFile", options.KeyFile, () =>
            {
                using var keys = HeadKeys.Read(File.ReadAllText(options.KeyFile));
                if (!keys.CanSign)
                {
                    throw new FormatException("begins with a public key, which cannot sign; put the whole key first");
                }
            }),
            string.IsNullOrEmpty(options.HeadsFolder) ? null : ProblemOf("Audit:HeadsFolder", options.HeadsFolder, () => Directory.CreateDirectory(options.HeadsFolder)),
            string.IsNullOrEmpty(options.WitnessFile) ? null : ProblemOf("Audit:WitnessFile", options.WitnessFile, () => Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.WitnessFile))!)),
        };
        var mistakes = wrong.OfType<string>().ToList();
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static string? ProblemOf(string key, string path, Action attempt)
    {
        try
        {
            attempt();
            return null;
        }
        catch (FormatException e)
        {
            return $"{key}: {path} {e.Message}.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"{key}: cannot be used: {e.Message}";
        }
    }
}
