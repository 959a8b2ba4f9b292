namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>A message held back on purpose, to arrive late or out of order.</summary>
/// <param name="DueSecond">The trains' second at which it goes at the latest.</param>
/// <param name="IsOvertaken">True when it goes right after the train's next message.</param>
internal sealed record DelayedMessage(long Id, long DueSecond, string TrainId, bool IsOvertaken, byte[] Body);
