namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>A column of numbers and how they become the value.</summary>
internal sealed record SensorColumn(int Index, Numbers Numbers)
{
    public double Factor { get; init; } = 1;

    public double Offset { get; init; }

    /// <summary>Numbers, as recorded, that are no values.</summary>
    public IReadOnlyList<double> Invalid { get; init; } = [];

    /// <summary>Words that are values.</summary>
    public IReadOnlyDictionary<string, double>? Words { get; init; }

    /// <summary>The value in its unit; NaN when the field is empty, null when it is bad.</summary>
    public double? Read(string[] row)
    {
        if (row[Index].Length == 0)
        {
            return double.NaN;
        }

        if (Words is not null && Words.TryGetValue(row[Index], out var word))
        {
            return word;
        }

        if (Numbers.Read(row[Index]) is not { } value || Invalid.Contains(value))
        {
            return null;
        }

        // Rounded where it was converted: 64.37376, not 64.37376000000001.
        return (Factor, Offset) == (1, 0) ? value : Math.Round((value * Factor) + Offset, 9);
    }

    /// <summary>Whether the field is one by which the instrument says that it does not know.</summary>
    public bool IsUnknown(string[] row) => row[Index].Length == 0 || (Numbers.Read(row[Index]) is { } value && Invalid.Contains(value));
}
