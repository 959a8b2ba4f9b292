using System.Runtime.InteropServices;

namespace OpsPortal.Adapters.Embedded.Sqlite;

/// <summary>A value bound to a statement's parameter.</summary>
internal readonly record struct SqlValue(string Name, object? Value)
{
    public static implicit operator SqlValue((string Name, object? Value) pair) => new(pair.Name, pair.Value);

    /// <summary>A time as UTC ticks: whole, sortable.</summary>
    public static SqlValue Time(string name, DateTimeOffset? time) => new(name, time?.UtcTicks);

    /// <summary>Bytes; the array behind them when they are the whole of it.</summary>
    public static SqlValue Bytes(string name, ReadOnlyMemory<byte> bytes) =>
        new(name, MemoryMarshal.TryGetArray(bytes, out var part) && part.Offset == 0 && part.Count == part.Array!.Length ? part.Array : bytes.ToArray());
}
