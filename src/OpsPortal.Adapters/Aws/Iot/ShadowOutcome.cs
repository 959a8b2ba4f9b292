namespace OpsPortal.Adapters.Aws.Iot;

/// <summary>What became of an update that was sent.</summary>
internal abstract record ShadowOutcome
{
    /// <summary>Taken.</summary>
    internal sealed record Taken(Accepted Answer) : ShadowOutcome;

    /// <summary>Not taken: the version named is not the present one, or somebody else wrote at the same moment.</summary>
    internal sealed record Conflict : ShadowOutcome;

    /// <summary>Nobody knows: the connection broke, the time ran out, or the service failed in the middle.</summary>
    internal sealed record Unknown(string Problem, Exception? Cause) : ShadowOutcome;
}
