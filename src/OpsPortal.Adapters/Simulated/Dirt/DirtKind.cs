namespace OpsPortal.Adapters.Simulated.Dirt;

/// <summary>A kind of dirt and how it falls.</summary>
/// <param name="Name">As in the options and in the pipeline's health.</param>
/// <param name="Rate">Per 1,000 messages.</param>
/// <param name="Block">So many of a train's messages in a row get it together; 0: all of them.</param>
/// <param name="Spoil">Makes the spoilt body, or null when this message cannot have it. Null for kinds that only change when, how often or by whom a message is sent.</param>
internal sealed record DirtKind(string Name, double Rate, int Block, Func<ReadOnlyMemory<byte>, ulong, byte[]?>? Spoil)
{
    public const string Duplicates = "duplicates";
    public const string Reordered = "reordered";
    public const string Late = "late";
    public const string Stranger = "stranger";

    /// <summary>All kinds that have a rate, in the order they are asked.</summary>
    public static IReadOnlyList<DirtKind> Of(DirtOptions options)
    {
        DirtKind[] all =
        [
            new("clockOff", options.ClockOff, 0, SpoiltBody.ClockOff),
            new(Late, options.Late, 10, null),
            new("unitChange", options.UnitChange, 30, SpoiltBody.UnitChange),
            new(Duplicates, options.Duplicates, 1, null),
            new(Reordered, options.Reordered, 1, null),
            new("clockJump", options.ClockJump, 1, SpoiltBody.ClockJump),
            new("malformedJson", options.MalformedJson, 1, SpoiltBody.Malformed),
            new("unknownField", options.UnknownField, 1, SpoiltBody.UnknownField),
            new("nanAsText", options.NanAsText, 1, SpoiltBody.NanAsText),
            new("zeroPosition", options.ZeroPosition, 1, SpoiltBody.ZeroPosition),
            new(Stranger, options.Stranger, 1, SpoiltBody.Stranger),
        ];
        return [.. all.Where(kind => kind.Rate > 0)];
    }
}
