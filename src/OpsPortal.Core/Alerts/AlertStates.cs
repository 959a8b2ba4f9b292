using System.Collections.Frozen;

namespace OpsPortal.Core.Alerts;

/// <summary>Sets of states that are asked for together.</summary>
public static class AlertStates
{
    /// <summary>Everything that still asks somebody for something: all but cleared.</summary>
    public static FrozenSet<AlertState> Open { get; } = Enum.GetValues<AlertState>().Where(state => state != AlertState.Cleared).ToFrozenSet();
}
