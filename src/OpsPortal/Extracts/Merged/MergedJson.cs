using System.Globalization;

namespace OpsPortal.Extracts.Merged;

/// <summary>What a merged download is to be.</summary>
/// <param name="Format">ndjson or csv.</param>
internal sealed record AskMergedRequest(string? Format);

/// <summary>A merged download and how far it is.</summary>
/// <param name="Files">Raw files of the extract.</param>
/// <param name="FilesRead">Those that are read or left out so far.</param>
/// <param name="FilesOutside">At the end: files of the extract that are outside what you may see now, and therefore not in it.</param>
/// <param name="Bytes">Of the file, compressed, so far.</param>
/// <param name="RowsUnplaced">Messages of the trains that are not in it because they do not say when they were measured.</param>
/// <param name="LeftOutCount">Files that are not in it.</param>
/// <param name="LeftOut">These files by name, and why; at most 1,000 are named.</param>
/// <param name="TrainsLeftOut">Trains asked for that are outside what you may see.</param>
/// <param name="Waiting">What it waits for; null while it goes on.</param>
/// <param name="Error">Why it failed; POST …/resume goes on where it was.</param>
/// <param name="FileName">Says the time, and whether something was left out. Null before its end, as are checksum and address.</param>
internal sealed record MergedJson(
    string Id, string ExtractId, MergedFormat Format, MergedState State, IReadOnlyList<string> Trains, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string>? Sensors, long Files, long FilesRead,
    long FilesOutside, long Rows, long RowsUnplaced, long Bytes, long LeftOutCount, IReadOnlyList<LeftOutFile> LeftOut, IReadOnlyList<string> TrainsLeftOut, string? Waiting, string? Error, ChecksumJson? Checksum,
    string? FileName, string? File, DateTimeOffset AskedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, DateTimeOffset? KeptUntil)
{
    public static MergedJson Of(MergedJob job, MergedOptions options)
    {
        var (ask, progress, tally) = (job.Ask, job.Progress, job.Progress.Tally);
        var isWhole = progress.State == MergedState.Succeeded;
        return new MergedJson(
            ask.Id, ask.ExtractId, ask.Format, progress.State, ask.Request.Trains, ask.Request.From, ask.Request.To, ask.Request.Sensors, ask.Files, tally.Files, isWhole ? Outside(job) : 0, tally.Rows, tally.Unplaced,
            tally.Length, tally.LeftOut, progress.LeftOut, progress.TrainsLeftOut, progress.Waiting, progress.Problem, progress.Sha256 is { } hash ? new ChecksumJson(Core.Extracts.RawChecksum.Sha256, hash, false) : null,
            isWhole ? NameOf(job) : null, isWhole ? $"/api/extracts/{ask.ExtractId}/merged/{ask.Id}/file" : null, ask.AskedAt, progress.StartedAt, progress.EndedAt, progress.EndedAt + options.KeepFor);
    }

    /// <summary>The name to save it under: the server's own letters only, whatever trains and sensors are called.</summary>
    public static string NameOf(MergedJob job)
    {
        var missing = job.Progress.Tally.LeftOut + Outside(job);
        var without = missing == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"_without-{missing}-of-{job.Ask.Files}-files");
        return $"merged_{Time(job.Ask.Request.From)}_{Time(job.Ask.Request.To)}_{job.Ask.Id}{without}.{(job.Ask.Format == MergedFormat.Csv ? "csv" : "ndjson")}.gz";
    }

    private static long Outside(MergedJob job) => job.Ask.Files - job.Progress.Tally.Files;

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
