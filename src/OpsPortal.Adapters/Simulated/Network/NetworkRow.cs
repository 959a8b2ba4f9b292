using System.Globalization;

namespace OpsPortal.Adapters.Simulated.Network;

/// <summary>One row of a network file. Reading a field never throws: what is wrong goes to the list of mistakes with its line.</summary>
internal sealed class NetworkRow(int number, string[] fields, List<string> mistakes)
{
    public string Word => fields[0];

    public static NetworkRow? Read(int number, string text, List<string> mistakes)
    {
        var content = text.Trim();
        return content.Length == 0 || content[0] == '#' ? null : new NetworkRow(number, content.Split(';', StringSplitOptions.TrimEntries), mistakes);
    }

    /// <summary>Whether the row has the fields it needs.</summary>
    public bool Has(params ReadOnlySpan<string> names)
    {
        if (fields.Length == names.Length + 1 && !fields.Contains(""))
        {
            return true;
        }

        Mistake($"'{Word}' needs {string.Join("; ", names.ToArray())}");
        return false;
    }

    public string Text(int field) => fields[field];

    public double Number(int field, string name, double lowest, double highest)
    {
        if (double.TryParse(fields[field], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= lowest && value <= highest)
        {
            return value;
        }

        Mistake(string.Create(CultureInfo.InvariantCulture, $"{name} '{fields[field]}' must be a number from {lowest} to {highest}"));
        return lowest;
    }

    public int Whole(int field, string name, int lowest, int highest)
    {
        var value = Number(field, name, lowest, highest);
        if (value != Math.Floor(value))
        {
            Mistake($"{name} '{fields[field]}' must be a whole number");
        }

        return (int)value;
    }

    public void Mistake(string what) => mistakes.Add($"line {number}: {what}");
}
