namespace OpsPortal.Tests.Kit;

/// <summary>What a <see cref="TcpFaultProxy"/> does to connections, both those that stand and those that come.</summary>
public abstract record TcpFault
{
    private TcpFault()
    {
    }

    /// <summary>Passes everything on.</summary>
    public static readonly TcpFault None = new Passing();

    /// <summary>Takes a connection, then neither says nor passes on anything.</summary>
    public static readonly TcpFault BlackHole = new Silent();

    /// <summary>Takes no connection, and cuts those that stand.</summary>
    public static readonly TcpFault Refuse = new Refusing();

    /// <summary>Cuts at once (RST).</summary>
    public static readonly TcpFault Cut = new Cutting(0);

    /// <summary>Tells each side that the other has no more to say, after that many bytes of the peer's answer.</summary>
    public static TcpFault HalfClose(long afterBytes) => new HalfClosing(afterBytes);

    /// <summary>Cuts (RST) each connection after that many bytes of the peer's answer, counted from now.</summary>
    public static TcpFault CutAfter(long bytes) => new Cutting(bytes);

    /// <summary>Passes on what the peer answers that much later.</summary>
    public static TcpFault Delay(TimeSpan by) => new Delaying(by);

    /// <summary>Passes on what the peer answers no faster than this.</summary>
    public static TcpFault Slow(int bytesPerSecond) => new Slowing(bytesPerSecond);

    internal sealed record Passing : TcpFault;

    internal sealed record Silent : TcpFault;

    internal sealed record Refusing : TcpFault;

    internal sealed record Cutting(long AfterBytes) : TcpFault;

    internal sealed record HalfClosing(long AfterBytes) : TcpFault;

    internal sealed record Delaying(TimeSpan By) : TcpFault;

    internal sealed record Slowing(int BytesPerSecond) : TcpFault;
}
