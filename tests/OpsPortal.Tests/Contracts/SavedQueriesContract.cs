using System.Collections.Frozen;
using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every store of saved queries and of runs keeps to.</summary>
public abstract class SavedQueriesContract
{
    protected abstract ISavedQueries Queries { get; }

    protected abstract IQueryHistory History { get; }

    private static User Owner { get; } = User("One");

    private static User Colleague { get; } = User("Two");

    private static User User(string name, Role role = Role.Engineer) => new($"saved|{name}", name, FrozenSet.Create(role), Scope.WholeFleet);

    private static SavedText Text(string sql) => new(sql, new Dictionary<string, SavedValue> { ["train"] = new("text", "390-042") }, new SavedChart("line", "minute", ["mean_value"], "sensor"));

    [Fact]
    public async Task A_query_is_kept_with_every_version_and_who_saved_it_when()
    {
        var made = await MakeAsync("a", isShared: true);

        var saved = await Queries.AddVersionAsync(Colleague, "a", made.Revision, Text("SELECT 2"), Samples.Start.AddMinutes(1), 10, default);

        Assert.Equal((SavedChange.Done, 2, "Two", Samples.Start.AddMinutes(1)), (saved.Change, saved.Present!.Latest.Number, saved.Present.Latest.By, saved.Present.Latest.At));
        var versions = await Queries.FindVersionsAsync(Owner, "a", default);
        Assert.Equal([(2, "SELECT 2", "Two"), (1, "SELECT 1", "One")], versions.Select(version => (version.Number, version.Text.Sql, version.By)));
        Assert.Equal(("390-042", "line", "sensor"), (versions[0].Text.Values["train"].Value, versions[0].Text.Chart!.Kind, versions[0].Text.Chart!.By));
    }

    [Fact]
    public async Task Who_saw_an_older_state_changes_nothing_and_is_given_the_present_one()
    {
        var made = await MakeAsync("a", isShared: true);
        await Queries.AddVersionAsync(Colleague, "a", made.Revision, Text("SELECT 2"), Samples.Start, 10, default);

        var late = await Queries.AddVersionAsync(Owner, "a", made.Revision, Text("SELECT 3"), Samples.Start, 10, default);
        var renamed = await Queries.ChangeAsync(Owner, "a", made.Revision, "other", null, default);

        Assert.Equal((SavedChange.Changed, "SELECT 2"), (late.Change, late.Present!.Latest.Text.Sql));
        Assert.Equal((SavedChange.Changed, "name of a"), (renamed.Change, renamed.Present!.Name));
        Assert.Equal(2, (await Queries.FindVersionsAsync(Owner, "a", default)).Count);
    }

    [Fact]
    public async Task Of_two_who_save_at_the_same_time_one_is_told()
    {
        var made = await MakeAsync("a", isShared: true);

        var both = await Task.WhenAll(new[] { Owner, Colleague }.Select(user => Queries.AddVersionAsync(user, "a", made.Revision, Text(user.Name), Samples.Start, 10, default)));

        Assert.Equal([SavedChange.Done, SavedChange.Changed], both.Select(outcome => outcome.Change).Order());
    }

    [Fact]
    public async Task What_is_not_shared_is_not_there_for_others()
    {
        var made = await MakeAsync("a", isShared: false);
        await MakeAsync("b", isShared: true);

        Assert.Equal(["b"], (await Queries.FindAsync(Colleague, 10, default)).Select(query => query.Id));
        Assert.Null(await Queries.GetAsync(Colleague, "a", default));
        Assert.Empty(await Queries.FindVersionsAsync(Colleague, "a", default));
        Assert.Equal(SavedChange.NotThere, (await Queries.AddVersionAsync(Colleague, "a", made.Revision, Text("x"), Samples.Start, 10, default)).Change);
        Assert.Equal(SavedChange.NotThere, (await Queries.DeleteAsync(Colleague, "a", default)).Change);
        Assert.Equal(["a", "b"], (await Queries.FindAsync(Owner, 10, default)).Select(query => query.Id));
    }

    [Fact]
    public async Task Only_its_owner_renames_shares_and_deletes_what_is_shared()
    {
        var made = await MakeAsync("a", isShared: true);

        Assert.Equal(SavedChange.NotOwner, (await Queries.ChangeAsync(Colleague, "a", made.Revision, "mine", null, default)).Change);
        Assert.Equal(SavedChange.NotOwner, (await Queries.DeleteAsync(Colleague, "a", default)).Change);
        var unshared = await Queries.ChangeAsync(Owner, "a", made.Revision, null, false, default);
        Assert.Equal((SavedChange.Done, false, "name of a"), (unshared.Change, unshared.Present!.IsShared, unshared.Present.Name));
        Assert.Null(await Queries.GetAsync(Colleague, "a", default));
        Assert.Equal(SavedChange.Done, (await Queries.DeleteAsync(Owner, "a", default)).Change);
        Assert.Empty(await Queries.FindVersionsAsync(Owner, "a", default));
    }

    [Fact]
    public async Task To_who_may_not_run_queries_nothing_is_there()
    {
        await MakeAsync("a", isShared: true);
        var desk = User("One", Role.Operator);
        await History.NoteAsync(desk, Run("r", 0), 10, default);

        Assert.Empty(await Queries.FindAsync(desk, 10, default));
        Assert.Null(await Queries.GetAsync(desk, "a", default));
        Assert.Equal(SavedChange.NotThere, (await Queries.MakeAsync(desk, "b", "b", true, Text("x"), Samples.Start, 10, default)).Change);
        Assert.Empty(await History.FindAsync(desk, 10, default));
    }

    [Fact]
    public async Task So_many_queries_and_versions_are_kept_and_no_more()
    {
        var present = await MakeAsync("a", isShared: false);
        for (var i = 2; i <= 5; i++)
        {
            present = (await Queries.AddVersionAsync(Owner, "a", present.Revision, Text($"SELECT {i}"), Samples.Start, 3, default)).Present!;
        }

        Assert.Equal([5, 4, 3], (await Queries.FindVersionsAsync(Owner, "a", default)).Select(version => version.Number));
        Assert.Equal(SavedChange.TooMany, (await Queries.MakeAsync(Owner, "b", "b", false, Text("x"), Samples.Start, 1, default)).Change);
        Assert.Equal(SavedChange.Done, (await Queries.MakeAsync(Colleague, "b", "b", false, Text("x"), Samples.Start, 1, default)).Change);
    }

    [Fact]
    public async Task Runs_are_remembered_newest_first_for_their_user_alone()
    {
        foreach (var i in Enumerable.Range(0, 4))
        {
            await History.NoteAsync(Owner, Run($"r{i}", i), 3, default);
        }

        await History.NoteAsync(Colleague, Run("other", 9), 3, default);

        var runs = await History.FindAsync(Owner, 10, default);
        Assert.Equal(["r3", "r2", "r1"], runs.Select(run => run.Id));
        Assert.Equal(("failed", 7L, "no such column", TimeSpan.FromSeconds(1.5), "1"), (runs[0].State, runs[0].Rows, runs[0].Problem, runs[0].Took, runs[0].Values["n"].Value));
        await History.ClearAsync(Owner, default);
        Assert.Empty(await History.FindAsync(Owner, 10, default));
        Assert.Single(await History.FindAsync(Colleague, 10, default));
    }

    private static PastQuery Run(string id, int minute) =>
        new(id, "SELECT :n", new Dictionary<string, SavedValue> { ["n"] = new("number", "1") }, "failed", Samples.Start.AddMinutes(minute), TimeSpan.FromSeconds(1.5), 7, "no such column");

    private async Task<SavedQuery> MakeAsync(string id, bool isShared) => (await Queries.MakeAsync(Owner, id, $"name of {id}", isShared, Text("SELECT 1"), Samples.Start, 10, default)).Present!;
}
