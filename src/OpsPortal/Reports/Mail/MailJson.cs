using System.Globalization;
using OpsPortal.Api;
using OpsPortal.Core.Reports.Mail;

namespace OpsPortal.Reports.Mail;

/// <summary>What is to be sent, and to whom.</summary>
/// <param name="Report">data, alerts, response or worst.</param>
/// <param name="Every">day, week (Mondays) or month (the 1st); each about the last one that is over. Else week.</param>
/// <param name="At">Time of day in the zone, such as 07:00, which it is else.</param>
/// <param name="Zone">Such as Europe/London; else UTC.</param>
/// <param name="To">One address, of a domain that mails may go to.</param>
internal sealed record MailRequest(string? Report, string? Every, string? At, string? Zone, string? To, string? Line, string? Class, string? Train);

/// <summary>A report that is sent by mail.</summary>
/// <param name="NextAt">When the next one is for; null when none goes any more.</param>
/// <param name="TryAt">When it is tried; later than <paramref name="NextAt"/> when the mail server did not take it.</param>
/// <param name="SentAt">When the mail server took the last one.</param>
/// <param name="Problem">Why the last try failed; null when it did not.</param>
internal sealed record MailedReportJson(
    string Id, string Owner, string Report, string Every, string At, string Zone, string To, string? Line, string? Class, string? Train, DateTimeOffset MadeAt, DateTimeOffset Until,
    DateTimeOffset? NextAt, DateTimeOffset? TryAt, DateTimeOffset? SentAt, string? Problem)
{
    public static MailedReportJson Of(MailedReport report, DateTimeOffset now)
    {
        var holds = report.HoldsAt(now) && report.DueAt < report.Until;
        return new(
            report.Id, report.OwnerName, report.Report, WireJson.Word(report.Times.Every), report.Times.At.ToString("HH:mm", CultureInfo.InvariantCulture), report.Times.Zone.Id, report.To,
            report.Line, report.Class, report.TrainId, report.MadeAt, report.Until, holds ? report.DueAt : null, holds ? report.TryAt : null, report.SentAt, report.Problem);
    }
}
