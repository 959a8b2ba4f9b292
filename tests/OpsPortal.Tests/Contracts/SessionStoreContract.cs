using OpsPortal.Core.Access;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every store of sessions, and of notes that are good once, keeps to.</summary>
public abstract class SessionStoreContract
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    protected abstract ISessionStore Sessions { get; }

    protected abstract IOneTimeNotes Notes { get; }

    /// <summary>Moves the store's clock, which begins at 2026-11-21 20:00 UTC.</summary>
    protected abstract void Advance(TimeSpan by);

    private static Session Of(string user, string? theirs = null, int minute = 0) =>
        new(new User(user, $"Name of {user}", new HashSet<Role> { Role.Operator, Role.Engineer }, Samples.OnlyLongsight("depot")), Start.AddMinutes(minute), Start.AddHours(12))
        {
            IdleAt = Start.AddHours(2), From = "10.0.0.1", Agent = "a browser", AuthenticatedAt = Start.AddMinutes(-5),
            Provider = theirs is null ? null : new ProviderSession("https://login.example", user, theirs, "sealed", Start.AddMinutes(4)),
        };

    private static Session Nameless(string user) => Of(user, "") with { Provider = Of(user, "").Provider! with { SessionId = null } };

    private async Task<string> KeptAsync(Session session)
    {
        var id = SessionId.New();
        await Sessions.KeepAsync(id, session, default);
        return id;
    }

    [Fact]
    public async Task A_session_comes_back_as_it_was_kept_by_id_and_by_key()
    {
        var id = await KeptAsync(Of("a", "theirs"));

        var session = (await Sessions.GetAsync(id, default))!;

        Assert.Equal(Of("a", "theirs") with { Key = SessionId.Hash(id), User = session.User }, session);
        Assert.Equal(("a", "Name of a", Of("a").User.Scope.Key), (session.User.Id, session.User.Name, session.User.Scope.Key));
        Assert.Equal(session.Key, (await Sessions.GetByKeyAsync(session.Key, default))!.Key);
        Assert.Null(await Sessions.GetAsync(session.Key, default));
        Assert.Null(await Sessions.GetByKeyAsync(id, default));
    }

    [Fact]
    public async Task Sessions_are_listed_newest_first_of_one_user_or_of_all_and_counted()
    {
        var (first, second, other) = (await KeptAsync(Of("a")), await KeptAsync(Of("a", minute: 1)), await KeptAsync(Of("b", minute: 2)));

        Assert.Equal([SessionId.Hash(second), SessionId.Hash(first)], (await Sessions.FindAsync("a", 10, default)).Select(session => session.Key));
        Assert.Equal([SessionId.Hash(other), SessionId.Hash(second)], (await Sessions.FindAsync(null, 2, default)).Select(session => session.Key));
        Assert.Equal(2, await Sessions.CountAsync("a", default));
        Assert.Equal((3, 0), (await Sessions.CountFromAsync("10.0.0.1", default), await Sessions.CountFromAsync("192.0.2.77", default)));
    }

    [Fact]
    public async Task An_idle_session_is_over_unless_it_is_used_in_time()
    {
        var (idle, used) = (await KeptAsync(Of("a")), await KeptAsync(Of("a")));
        Advance(TimeSpan.FromHours(1));
        await Sessions.NoteUseAsync(SessionId.Hash(used), Start.AddHours(1), Start.AddHours(3), default);
        Advance(TimeSpan.FromHours(1));
        await Sessions.NoteUseAsync(SessionId.Hash(idle), Start.AddHours(2), Start.AddHours(4), default);

        Assert.Null(await Sessions.GetAsync(idle, default));
        Assert.Equal(Start.AddHours(1), (await Sessions.GetAsync(used, default))!.UsedAt);
        Assert.Equal(1, await Sessions.CountAsync("a", default));
    }

    [Fact]
    public async Task Of_all_who_find_a_check_due_one_does_it()
    {
        var key = SessionId.Hash(await KeptAsync(Of("a", "theirs")));

        Assert.False(await Sessions.TryClaimCheckAsync(key, Start.AddMinutes(3), Start.AddMinutes(7), default));
        var claims = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Sessions.TryClaimCheckAsync(key, Start.AddMinutes(4), Start.AddMinutes(8), default)));

        Assert.Single(claims, claimed => claimed);
        Assert.True(await Sessions.TryClaimCheckAsync(key, Start.AddMinutes(8), Start.AddMinutes(12), default));
        Assert.False(await Sessions.TryClaimCheckAsync(SessionId.Hash(await KeptAsync(Of("a"))), Start.AddMinutes(8), Start.AddMinutes(12), default));
    }

    [Fact]
    public async Task What_the_provider_says_anew_takes_the_place_of_what_it_said_and_wakes_no_ended_session()
    {
        var (id, ended) = (await KeptAsync(Of("a", "theirs")), await KeptAsync(Of("a", "theirs")));
        await Sessions.EndAsync(SessionId.Hash(ended), default);
        var now = Of("a").User with { Name = "New", Roles = new HashSet<Role> { Role.Business }, Scope = Scope.WholeFleet };
        foreach (var key in new[] { SessionId.Hash(id), SessionId.Hash(ended) })
        {
            await Sessions.RenewAsync(key, now, Of("a", "theirs").Provider! with { Sealed = "anew", CheckAt = Start.AddMinutes(9) }, default);
        }

        var session = (await Sessions.GetAsync(id, default))!;
        Assert.Equal(("New", "anew", Start.AddMinutes(9), true), (session.User.Name, session.Provider!.Sealed, session.Provider.CheckAt, session.User.Scope.IsWholeFleet));
        Assert.Equal([Role.Business], session.User.Roles);
        Assert.Null(await Sessions.GetAsync(ended, default));
    }

    [Fact]
    public async Task The_provider_ends_a_persons_sessions_or_one_of_them_and_nobody_elses()
    {
        var (one, two, other, persona) = (await KeptAsync(Of("a", "one")), await KeptAsync(Of("a", "two")), await KeptAsync(Of("b", "three")), await KeptAsync(Of("a")));

        Assert.Empty(await Sessions.EndOfProviderAsync("https://other.example", "a", null, default));
        Assert.Empty(await Sessions.EndOfProviderAsync("https://login.example", "b", "one", default));
        Assert.Equal([SessionId.Hash(one)], (await Sessions.EndOfProviderAsync("https://login.example", null, "one", default)).Select(session => session.Key));
        Assert.Equal([SessionId.Hash(two)], (await Sessions.EndOfProviderAsync("https://login.example", "a", null, default)).Select(session => session.Key));
        Assert.Null(await Sessions.GetAsync(two, default));
        Assert.NotNull(await Sessions.GetAsync(other, default));
        Assert.NotNull(await Sessions.GetAsync(persona, default));
    }

    [Fact]
    public async Task A_session_that_the_provider_gave_no_name_ends_with_any_of_its_users()
    {
        var (named, nameless, other) = (await KeptAsync(Of("a", "one")), await KeptAsync(Nameless("a")), await KeptAsync(Nameless("b")));

        Assert.Empty(await Sessions.EndOfProviderAsync("https://login.example", null, "two", default));
        Assert.Equal([SessionId.Hash(nameless)], (await Sessions.EndOfProviderAsync("https://login.example", "a", "two", default)).Select(session => session.Key));
        Assert.NotNull(await Sessions.GetAsync(named, default));
        Assert.NotNull(await Sessions.GetAsync(other, default));
    }

    [Fact]
    public async Task A_note_is_kept_once_taken_once_and_over_at_its_time()
    {
        Assert.True(await Notes.TryKeepAsync("x", "text", Start.AddMinutes(5), default));
        Assert.False(await Notes.TryKeepAsync("x", "other", Start.AddMinutes(5), default));
        Assert.Equal("text", await Notes.TakeAsync("x", default));
        Assert.Null(await Notes.TakeAsync("x", default));

        Assert.True(await Notes.TryKeepAsync("y", "text", Start.AddMinutes(5), default));
        Advance(TimeSpan.FromMinutes(5));
        Assert.Null(await Notes.TakeAsync("y", default));
        Assert.True(await Notes.TryKeepAsync("y", "text", Start.AddMinutes(9), default));
    }
}
