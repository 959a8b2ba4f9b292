using OpsPortal.Core.Access;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every store of personal tokens, and of the users they stand for, keeps to.</summary>
public abstract class TokenStoreContract
{
    protected abstract IPersonalTokenStore Tokens { get; }

    protected abstract IKnownUsers Users { get; }

    private static PersonalToken Token(string id, string maker = "m", int minute = 0) =>
        new(id, maker, "Maker", $"token {id}", Samples.Start.AddMinutes(minute), Samples.Start.AddDays(1), null, null, null);

    [Fact]
    public async Task A_token_is_found_by_its_secrets_hash_and_by_nothing_else()
    {
        await Tokens.KeepAsync(Token("a"), "hash-a", default);

        Assert.Equal(Token("a"), await Tokens.FindBySecretAsync("hash-a", default));
        Assert.Equal(Token("a"), await Tokens.GetAsync("a", default));
        Assert.Null(await Tokens.FindBySecretAsync("a", default));
        Assert.Null(await Tokens.FindBySecretAsync("HASH-A", default));
    }

    [Fact]
    public async Task Tokens_are_listed_newest_first_of_one_maker_or_of_all()
    {
        await Tokens.KeepAsync(Token("a"), "1", default);
        await Tokens.KeepAsync(Token("b", minute: 1), "2", default);
        await Tokens.KeepAsync(Token("c", "other", 2), "3", default);

        Assert.Equal(["b", "a"], (await Tokens.FindAsync("m", 10, default)).Select(token => token.Id));
        Assert.Equal(["c", "b"], (await Tokens.FindAsync(null, 2, default)).Select(token => token.Id));
    }

    [Fact]
    public async Task A_revoked_token_keeps_who_revoked_it_first_and_holds_no_more()
    {
        await Tokens.KeepAsync(Token("a"), "1", default);
        await Tokens.NoteUseAsync("a", Samples.Start.AddMinutes(1), default);
        await Tokens.RevokeAsync("a", "One", Samples.Start.AddMinutes(2), default);
        await Tokens.RevokeAsync("a", "Two", Samples.Start.AddMinutes(3), default);

        var token = (await Tokens.GetAsync("a", default))!;
        Assert.Equal(("One", Samples.Start.AddMinutes(2), Samples.Start.AddMinutes(1)), (token.RevokedBy, token.RevokedAt, token.LastUsedAt));
        Assert.False(token.HoldsAt(Samples.Start.AddMinutes(4)));
    }

    [Fact]
    public async Task A_token_holds_until_its_end_and_not_a_moment_longer()
    {
        Assert.True(Token("a").HoldsAt(Samples.Start.AddDays(1).AddTicks(-1)));
        Assert.False(Token("a").HoldsAt(Samples.Start.AddDays(1)));
        Assert.Null(await Tokens.GetAsync("a", default));
    }

    [Fact]
    public async Task A_user_is_known_as_last_noted()
    {
        var before = new User("u", "Jo", new HashSet<Role> { Role.Administrator }, Scope.WholeFleet);
        var after = new User("u", "Jo", new HashSet<Role> { Role.Engineer, Role.Business }, Samples.OnlyLongsight("depot"));
        await Users.NoteAsync(before, Samples.Start, default);
        await Users.NoteAsync(after, Samples.Start.AddMinutes(1), default);

        var known = (await Users.GetAsync("u", default))!;
        Assert.Equal((after.Name, after.Scope.Key), (known.Name, known.Scope.Key));
        Assert.Equal(after.Roles, known.Roles);
        Assert.Null(await Users.GetAsync("U", default));
    }

    [Fact]
    public async Task What_was_said_of_a_user_earlier_does_not_take_the_place_of_what_was_said_later()
    {
        var before = new User("u", "Jo", new HashSet<Role> { Role.Administrator }, Scope.WholeFleet);
        await Users.NoteAsync(before with { Roles = new HashSet<Role>() }, Samples.Start, default);
        await Users.NoteAsync(before, Samples.Start.AddTicks(-1), default);
        Assert.Empty((await Users.GetAsync("u", default))!.Roles);

        await Users.NoteAsync(before, Samples.Start, default);
        Assert.Equal([Role.Administrator], (await Users.GetAsync("u", default))!.Roles);
    }
}
