namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Tells a column of numbers of which not one can be read: a wrong decimal sign, or words.</summary>
internal sealed class ColumnWatch(int columns)
{
    private readonly bool[] _isReadable = new bool[columns];
    private readonly string?[] _unreadable = new string?[columns];

    /// <param name="value">As it was read: NaN for a gap, null for what is no number.</param>
    public void See(int column, double? value, string field)
    {
        if (value is null)
        {
            _unreadable[column] ??= field;
        }

        _isReadable[column] |= value is { } number && !double.IsNaN(number);
    }

    /// <summary>The first field that is no number, when no other field of the column is one; otherwise null.</summary>
    public string? NeverReadable(int column) => _isReadable[column] ? null : _unreadable[column];
}
