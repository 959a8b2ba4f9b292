namespace OpsPortal.Parts;

/// <summary>What this process does; one executable, any combination.</summary>
[Flags]
public enum Part
{
    None = 0,

    /// <summary>Pages, API, hub, delivery to shadows.</summary>
    Portal = 1,

    /// <summary>Reads the source, detects, keeps.</summary>
    Detector = 2,

    /// <summary>Simulated trains and replayed recordings.</summary>
    Trains = 4,
}
