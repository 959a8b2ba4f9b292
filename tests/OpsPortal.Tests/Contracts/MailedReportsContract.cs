using OpsPortal.Core.Reports.Mail;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every store of reports by mail keeps to.</summary>
public abstract class MailedReportsContract
{
    private static readonly MailTimes Mondays = new(MailRhythm.Week, new TimeOnly(7, 30), TimeZoneInfo.FindSystemTimeZoneById("Europe/London"));

    protected abstract IMailedReports Store { get; }

    private static MailedReport Report(string id, string owner = "one", int dueInMinutes = 0) => new(
        id, $"mail|{owner}", owner, $"{owner}@trains.example", "worst", Mondays, "West Coast", null, "390-042", Samples.Start, Samples.Start.AddDays(10),
        Samples.Start.AddMinutes(dueInMinutes), Samples.Start.AddMinutes(dueInMinutes), null, null, 0);

    [Fact]
    public async Task What_was_kept_is_found_again_whole_by_its_owner_and_with_all_others()
    {
        Assert.True(await Store.KeepAsync(Report("b", "two"), 5, default));
        Assert.True(await Store.KeepAsync(Report("a"), 5, default));

        Assert.Equal(Report("a"), Assert.Single(await Store.FindAsync("mail|one", 10, default)));
        Assert.Equal(["a", "b"], (await Store.FindAsync(null, 10, default)).Select(report => report.Id));
        Assert.Equal(Report("b", "two"), await Store.GetAsync("b", default));
    }

    [Fact]
    public async Task More_than_so_many_of_one_owner_are_not_kept()
    {
        await Store.KeepAsync(Report("a"), 1, default);

        Assert.False(await Store.KeepAsync(Report("b"), 1, default));
        Assert.True(await Store.KeepAsync(Report("c", "two"), 1, default));
        Assert.Null(await Store.GetAsync("b", default));
    }

    [Fact]
    public async Task What_is_due_is_taken_once_longest_due_first_and_again_when_its_taker_has_died()
    {
        foreach (var (id, minutes) in new[] { ("later", 5), ("second", 1), ("first", 0) })
        {
            await Store.KeepAsync(Report(id, dueInMinutes: minutes), 5, default);
        }

        var now = Samples.Start.AddMinutes(2);
        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Store.TakeDueAsync(now, now.AddMinutes(20), 10, default)));

        Assert.Equal(["first", "second"], both.SelectMany(taken => taken).Select(report => report.Id));
        Assert.Equal(["later"], (await Store.TakeDueAsync(now.AddMinutes(10), now.AddMinutes(30), 10, default)).Select(report => report.Id));
        Assert.Equal(["first", "second"], (await Store.TakeDueAsync(now.AddMinutes(20), now.AddMinutes(40), 10, default)).Select(report => report.Id));
    }

    [Fact]
    public async Task Of_what_has_ended_nothing_is_due_until_it_goes_on()
    {
        await Store.KeepAsync(Report("a"), 5, default);
        var late = Samples.Start.AddDays(11);

        Assert.Empty(await Store.TakeDueAsync(late, late.AddMinutes(20), 10, default));
        await Store.ExtendAsync("a", late.AddDays(1), default);
        Assert.Single(await Store.TakeDueAsync(late, late.AddMinutes(20), 10, default));
        await Store.ExtendAsync("a", late.AddDays(-3), default);
        Assert.Equal(late.AddDays(1), (await Store.GetAsync("a", default))!.Until);
    }

    [Fact]
    public async Task What_became_of_a_try_is_kept_and_nothing_of_what_was_forgotten_meanwhile()
    {
        await Store.KeepAsync(Report("a"), 5, default);
        await Store.KeepAsync(Report("gone"), 5, default);
        await Store.DeleteAsync("gone", default);

        await Store.NoteAsync(Report("a").Failed("no server", Samples.Start, TimeSpan.FromMinutes(3)), default);
        await Store.NoteAsync(Report("gone").Sent(Samples.Start), default);

        Assert.Equal(("no server", 1, Samples.Start, Samples.Start.AddMinutes(3)), (await Store.GetAsync("a", default)) is { } kept ? (kept.Problem, kept.Tries, kept.DueAt, kept.TryAt) : default);
        Assert.Null(await Store.GetAsync("gone", default));
        await Store.NoteSentAsync("a", Samples.Start.AddMinutes(1), default);
        Assert.Equal((Samples.Start.AddMinutes(1), "no server"), (await Store.GetAsync("a", default)) is { } sent ? (sent.SentAt, sent.Problem) : default);
    }
}
