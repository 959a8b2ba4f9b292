namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Finds what is wrong with how a descriptor says that the table is written.</summary>
internal static class TableCheck
{
    private const int MostLinesSkipped = 10_000;

    public static IEnumerable<string> Find(RecordingDescriptor descriptor)
    {
        if (descriptor.Separator is { } separator && !RecordedTable.IsSign(separator))
        {
            yield return $"separator {SetAsideRows.Shown(separator)} must be one ASCII character, a tab (\\t) or one that is seen, and no double quote";
        }

        if (descriptor.Comment is { } comment && (!RecordedTable.IsSign(comment) || comment == (descriptor.Separator ?? ",")))
        {
            yield return $"comment {SetAsideRows.Shown(comment)} must be one ASCII character other than the separator and the double quote";
        }

        if (descriptor.SkipLines is < 0 or > MostLinesSkipped)
        {
            yield return $"skipLines must be from 0 to {MostLinesSkipped}";
        }

        if (descriptor.Encoding is { } encoding && RecordedTable.EncodingOf(encoding) is null)
        {
            yield return $"encoding {SetAsideRows.Shown(encoding)} is none that is known here; known are utf-8, utf-16, iso-8859-1, windows-1252 and the like";
        }

        if (descriptor.Decimal is not (null or "." or ","))
        {
            yield return $"decimal {SetAsideRows.Shown(descriptor.Decimal)} must be . or ,";
        }
    }
}
