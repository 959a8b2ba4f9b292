namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>A message held back on purpose, to arrive late or out of order.</summary>
/// <param name="DueSecond">It goes right after the first message that the train measured in this second or later: a train that cannot be reached sends nothing late either.</param>
/// <param name="IsOvertaken">True when it goes after the very next message.</param>
internal sealed record DelayedMessage(long Id, long DueSecond, string TrainId, bool IsOvertaken, byte[] Body);
