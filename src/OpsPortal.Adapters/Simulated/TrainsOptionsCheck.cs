using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Adapters.Simulated.Recordings;

namespace OpsPortal.Adapters.Simulated;

/// <summary>Checks what the options point at, so that a wrong network or descriptor is said at start, with everything that is wrong.</summary>
internal sealed class TrainsOptionsCheck : IValidateOptions<TrainsOptions>
{
    public ValidateOptionsResult Validate(string? name, TrainsOptions options)
    {
        var mistakes = new List<string>();
        CheckNetwork(options.Network, mistakes);
        var trains = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < options.Recordings.Count; i++)
        {
            var (file, found) = RecordingFile.Find(options.Recordings[i]);
            mistakes.AddRange(found.Select(mistake => $"Trains:Recordings:{i}: {mistake}"));
            if (file is not null && !trains.Add(file.Key))
            {
                mistakes.Add($"Trains:Recordings:{i}: train {file.Key} is played by another recording already");
            }
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static void CheckNetwork(string? path, List<string> mistakes)
    {
        if (string.IsNullOrEmpty(path))
        {
            return;
        }

        try
        {
            NetworkFile.ReadFile(path);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"Trains:Network: {e.Message}");
        }
    }
}
