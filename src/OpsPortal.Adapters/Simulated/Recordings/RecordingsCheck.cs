using Microsoft.Extensions.Options;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Opens the recordings when the options are checked, where they are to be played: each is read through, and what cannot be played is a mistake among the others.</summary>
internal sealed class RecordingsCheck(RecordingShelf shelf) : IValidateOptions<TrainsOptions>
{
    public ValidateOptionsResult Validate(string? name, TrainsOptions options) =>
        shelf.Open([.. options.Recordings], options.RecordingsFrom) is { Count: > 0 } mistakes ? ValidateOptionsResult.Fail(mistakes) : ValidateOptionsResult.Success;
}
