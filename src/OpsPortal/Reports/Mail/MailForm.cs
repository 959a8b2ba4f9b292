using System.Globalization;
using System.Net.Mail;
using OpsPortal.Api;
using OpsPortal.Core.Reports;
using OpsPortal.Core.Reports.Mail;

namespace OpsPortal.Reports.Mail;

/// <summary>What somebody wants to be sent.</summary>
internal sealed record MailWish(string To, ReportKind Report, MailTimes Times, string? Line, string? Class, string? TrainId);

/// <summary>Reads what is wanted; what is wrong is gathered in the reader.</summary>
internal static class MailForm
{
    private const int LongestAddress = 254;

    /// <summary>The wish, or null when something is wrong.</summary>
    public static MailWish? Read(QueryReader reader, MailOptions options, MailRequest request)
    {
        var kind = ReportKind.Find(request.Report ?? "");
        if (kind is null)
        {
            reader.Refuse("report", $"Must be one of {string.Join(", ", ReportKind.All.Select(known => known.Name))}.");
        }

        var rhythm = request.Every is null ? MailRhythm.Week : Enum.GetValues<MailRhythm>().Select(each => (MailRhythm?)each).FirstOrDefault(each => WireJson.Word(each!.Value) == request.Every);
        if (rhythm is null)
        {
            reader.Refuse("every", "Must be day, week or month.");
        }

        if (!TimeOnly.TryParseExact(request.At ?? "07:00", "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
        {
            reader.Refuse("at", "Must be a time of day, such as 07:00.");
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(request.Zone ?? "UTC", out var zone) || !zone.HasIanaId)
        {
            reader.Refuse("zone", "Must be the name of a time zone, such as Europe/London: days begin there, and the time of day is of there.");
        }

        CheckAddress(reader, options, request.To);
        var (line, trainClass, train) = (reader.Text("line", Given(request.Line)), reader.Text("class", Given(request.Class)), reader.Text("train", Given(request.Train)));
        return reader.Refusal is null ? new MailWish(request.To!.Trim(), kind!, new MailTimes(rhythm!.Value, at, zone!), line, trainClass, train) : null;
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    // One plain address: no name, no comment, nothing that begins another header.
    private static void CheckAddress(QueryReader reader, MailOptions options, string? to)
    {
        var address = to?.Trim() ?? "";
        if (address.Length is 0 or > LongestAddress || !Ascii(address) || !MailAddress.TryCreate(address, out var parsed) || parsed.Address != address)
        {
            reader.Refuse("to", "Must be one mail address alone, such as jo@trains.example.");
        }
        else if (!options.Takes(address))
        {
            reader.Refuse("to", $"Reports go to addresses of {string.Join(", ", options.Domains)} only; an administrator can add others (ReportMail:Domains).");
        }
    }

    private static bool Ascii(string address) => address.All(letter => letter is > ' ' and < '\x7f' and not ('"' or '(' or ')' or ',' or ':' or ';' or '<' or '>' or '[' or ']' or '\\'));
}
