namespace OpsPortal.Core.Telemetry;

/// <summary>Dirt that was put into the trains' messages on purpose, for demonstrations and tests: to be held against what the pipeline counts.</summary>
public interface IInjectedDirt
{
    /// <summary>Messages sent dirty since the process started, by kind; a kind that is switched off is not in it.</summary>
    IReadOnlyDictionary<string, long> Injected { get; }
}
