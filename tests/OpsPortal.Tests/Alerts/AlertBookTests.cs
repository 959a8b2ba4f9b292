using System.Collections.Frozen;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Audit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Alerts;

public sealed class AlertBookTests : IAsyncLifetime
{
    private readonly EmbeddedHouse _house = new(new ManualTime(Examples.At.AddMinutes(10)));

    private AlertBook Book => _house.Get<AlertBook>();

    private IAlertStore Store => _house.Get<IAlertStore>();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _house.DisposeAsync();

    [Fact]
    public async Task A_raised_alert_is_unacknowledged_and_explains_itself()
    {
        await Book.TakeAsync(Examples.Change("al-1", 1), default);

        var alert = await GetAsync("al-1");
        Assert.Equal((AlertState.Unacknowledged, "A", true), (alert.State, alert.SafetyClass, alert.IsOpen));
        Assert.Equal("raise", Assert.Single(alert.History).Act);
        Assert.StartsWith("Axle box 3-2 right 78 °C", alert.Episode.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taking_the_same_or_an_older_change_again_changes_nothing()
    {
        await Book.TakeAsync(Examples.Change("al-1", 1), default);
        await Book.TakeAsync(Examples.Change("al-1", 2, Severity.Critical), default);
        var before = await GetAsync("al-1");

        await Book.TakeAsync(Examples.Change("al-1", 1), default);
        await Book.TakeAsync(Examples.Change("al-1", 2, Severity.Critical), default);

        Assert.Equal(before.Revision, (await GetAsync("al-1")).Revision);
        Assert.Equal(["raise", "escalate"], before.History.Select(act => act.Act));
    }

    [Fact]
    [Trait("Fault", "SEC-40")]
    public async Task Acknowledging_takes_name_time_and_note_and_starts_the_delivery()
    {
        await Book.TakeAsync(Examples.Change("al-1", 1), default);

        var result = await Book.AcknowledgeAsync(Examples.Operator, "al-1", "seen, crew told", null, default);

        Assert.Equal(AcknowledgeOutcome.Acknowledged, result.Outcome);
        var alert = await GetAsync("al-1");
        Assert.Equal(new Acknowledgement("Operator One", Examples.At.AddMinutes(10), "seen, crew told"), alert.Acknowledgement! with { Correlation = null });
        Assert.Equal((AlertState.Acknowledged, DeliveryStage.Clicked), (alert.State, alert.Delivery!.Stage));
        Assert.Single(await Store.FindUndeliveredAsync(null, 10, default));
    }

    [Fact]
    public async Task What_the_detector_says_later_leaves_the_acknowledgement_alone()
    {
        await Book.TakeAsync(Examples.Change("al-1", 1), default);
        await Book.AcknowledgeAsync(Examples.Operator, "al-1", "seen", null, default);

        await Book.TakeAsync(Examples.Change("al-1", 2, cleared: true), default);

        var alert = await GetAsync("al-1");
        Assert.Equal((AlertState.Cleared, "Operator One", false), (alert.State, alert.Acknowledgement!.By, alert.IsOpen));
        Assert.Equal(["raise", "acknowledge", "clear"], alert.History.Select(act => act.Act));
    }

    [Fact]
    public async Task A_condition_that_goes_away_unseen_stays_open_until_somebody_says_seen()
    {
        await Book.TakeAsync(Examples.Change("al-1", 1), default);
        await Book.TakeAsync(Examples.Change("al-1", 2, cleared: true), default);
        Assert.Equal(AlertState.ReturnedUnacknowledged, (await GetAsync("al-1")).State);

        await Book.AcknowledgeAsync(Examples.Operator, "al-1", "seen", null, default);

        Assert.Equal(AlertState.Cleared, (await GetAsync("al-1")).State);
    }

    [Fact]
    [Trait("Fault", "FLT-35")]
    public async Task Of_operators_at_two_portals_on_the_same_stores_one_wins_and_both_see_the_same_winner()
    {
        await using var other = new EmbeddedHouse(new ManualTime(Examples.At.AddMinutes(10)), _house.Folder);
        for (var round = 1; round <= 10; round++)
        {
            var id = $"al-{round}";
            await Book.TakeAsync(Examples.Change(id, 1), default);

            var results = await Task.WhenAll(new[] { Book, other.Get<AlertBook>() }.Select((book, i) => Task.Run(() => book.AcknowledgeAsync(Examples.User($"Operator {i}", Role.Operator), id, "mine", null, default))));

            Assert.Equal([AcknowledgeOutcome.Acknowledged, AcknowledgeOutcome.AlreadyAcknowledged], results.Select(result => result.Outcome).Order());
            Assert.Single(results.Select(result => result.Present!.Acknowledgement!.By).Distinct());
            Assert.Single((await GetAsync(id)).History, act => act.Act == "acknowledge");
        }

        var outcomes = (await _house.Get<IAuditLog>().FindAsync(AuditQuery.Newest(100), default)).CountBy(row => row.Entry.Outcome).ToDictionary();
        Assert.Equal((10, 10), (outcomes[nameof(AcknowledgeOutcome.Acknowledged)], outcomes[nameof(AcknowledgeOutcome.AlreadyAcknowledged)]));
    }

    [Fact]
    [Trait("Fault", "FLT-35")]
    [Trait("Fault", "BAD-36")]
    public async Task Of_ten_operators_in_the_same_moment_one_wins_and_all_see_the_same_winner()
    {
        await Book.TakeAsync(Examples.Change("al-1", 1), default);

        var results = await Task.WhenAll(Enumerable.Range(1, 10).Select(i => Task.Run(() => Book.AcknowledgeAsync(Examples.User($"Operator {i}", Role.Operator), "al-1", "mine", null, default))));

        var winner = Assert.Single(results, result => result.Outcome == AcknowledgeOutcome.Acknowledged).Present!.Acknowledgement!.By;
        Assert.All(results, result => Assert.Equal(winner, result.Present!.Acknowledgement!.By));
        Assert.Equal(9, results.Count(result => result.Outcome == AcknowledgeOutcome.AlreadyAcknowledged));
        Assert.Single((await GetAsync("al-1")).History, act => act.Act == "acknowledge");
        var audit = await _house.Get<IAuditLog>().FindAsync(AuditQuery.Newest(100), default);
        Assert.Single(audit, row => row.Entry.Outcome == nameof(AcknowledgeOutcome.Acknowledged));
        Assert.Equal(9, audit.Count(row => row.Entry.Outcome == nameof(AcknowledgeOutcome.AlreadyAcknowledged)));
    }

    [Theory]
    [Trait("Fault", "BAD-34")]
    [InlineData("")]
    [InlineData("  \n ")]
    [InlineData("seen\0")]
    [InlineData("\u001b[2Jseen")]
    [InlineData("seen \u202Enevird saw")]
    [InlineData("half of a \ud83d character")]
    public async Task An_acknowledgement_without_a_reason_that_can_be_read_is_refused(string note)
    {
        await Book.TakeAsync(Examples.Change("al-1", 1), default);

        await Assert.ThrowsAsync<ArgumentException>(() => Book.AcknowledgeAsync(Examples.Operator, "al-1", note, null, default));
        Assert.Null((await GetAsync("al-1")).Acknowledgement);
        Assert.Empty(await _house.Get<IAuditLog>().FindAsync(AuditQuery.Newest(10), default));
    }

    [Theory]
    [Trait("Fault", "BAD-34")]
    [InlineData(2_000, true)]
    [InlineData(2_001, false)]
    [InlineData(9_216, false)]
    public async Task A_note_is_taken_up_to_its_length_and_never_cut(int length, bool taken)
    {
        await Book.TakeAsync(Examples.Change("al-1", 1), default);
        var note = new string('n', length);

        var told = await Record.ExceptionAsync(() => Book.AcknowledgeAsync(Examples.Operator, "al-1", note, null, default));

        Assert.Equal(taken ? note : null, (await GetAsync("al-1")).Acknowledgement?.Note);
        Assert.Equal(taken, told is null);
    }

    [Theory]
    [InlineData("first line\r\nsecond\tline")]
    [InlineData("Übergang 🚆 می‌رود")]
    public async Task A_note_may_have_lines_and_be_in_any_language(string note)
    {
        await Book.TakeAsync(Examples.Change("al-1", 1), default);

        Assert.Equal(note, (await Book.AcknowledgeAsync(Examples.Operator, "al-1", note, null, default)).Present!.Acknowledgement!.Note);
    }

    [Fact]
    [Trait("Fault", "BAD-35")]
    public async Task Of_an_alert_that_is_closed_it_is_said_that_it_is_closed()
    {
        await Book.TakeAsync(Examples.Change("al-1", 1), default);
        await Book.AcknowledgeAsync(Examples.Operator, "al-1", "seen", null, default);
        var change = Examples.Change("al-1", 2);
        await Book.TakeAsync(change with { Episode = change.Episode with { ClearedAt = Examples.At.AddMinutes(12) } }, default);

        var result = await Book.AcknowledgeAsync(Examples.Operator, "al-1", "me too", null, default);

        Assert.Equal(AcknowledgeOutcome.AlreadyAcknowledged, result.Outcome);
        Assert.StartsWith("It is already closed, cleared at", result.Why, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "SEC-22")]
    public async Task Who_may_not_acknowledge_is_refused_and_the_refusal_is_audited()
    {
        await Book.TakeAsync(Examples.Change("al-1", 1), default);

        var result = await Book.AcknowledgeAsync(Examples.Executive, "al-1", "seen", "127.0.0.1", default);

        Assert.Equal(AcknowledgeOutcome.Refused, result.Outcome);
        Assert.Null((await GetAsync("al-1")).Acknowledgement);
        Assert.Contains(await _house.Get<IAuditLog>().FindAsync(AuditQuery.Newest(10), default), row => row.Entry is { Who: "Chief", Outcome: "Refused", From: "127.0.0.1" });
    }

    [Fact]
    [Trait("Fault", "BAD-35")]
    [Trait("Fault", "SEC-23")]
    public async Task An_alert_outside_the_scope_looks_like_one_that_is_not_there()
    {
        await Book.TakeAsync(Examples.Change("al-1", 1), default);
        var elsewhere = Examples.Operator with { Scope = new Scope(FrozenSet.Create("Craigentinny"), null, null) };

        var hidden = await Book.AcknowledgeAsync(elsewhere, "al-1", "seen", null, default);
        var missing = await Book.AcknowledgeAsync(elsewhere, "al-2", "seen", null, default);

        Assert.Equal((AcknowledgeOutcome.NotFound, hidden.Why), (missing.Outcome, missing.Why));
        Assert.Equal(AcknowledgeOutcome.NotFound, hidden.Outcome);
    }

    private async Task<Alert> GetAsync(string id) => (await Store.GetAsync(Scope.WholeFleet, id, default))!;
}
