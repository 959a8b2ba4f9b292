namespace OpsPortal.Core.Detection;

/// <summary>What is wrong with a position beside the train's last one.</summary>
internal enum PositionDoubt
{
    None,

    /// <summary>No train can have come here in the time between. It may be the last one that was wrong: it is kept, and called doubtful.</summary>
    Jump,

    /// <summary>A jump that is none with latitude and longitude read the other way round: a bad position.</summary>
    Swapped,
}
