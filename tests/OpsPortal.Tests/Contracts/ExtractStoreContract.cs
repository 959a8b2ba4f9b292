using System.Collections.Frozen;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every store of extracts keeps to.</summary>
public abstract class ExtractStoreContract
{
    protected abstract IExtractStore Store { get; }

    private static Extract Sample(string id, string maker = "m", int minute = 0) => new(
        id, maker, "Maker", new ExtractRequest(["390-042", "222-007"], Samples.Start, Samples.Start.AddHours(1), ["oilTemperature.car1.axle1"]),
        Samples.Start.AddMinutes(minute), Samples.Start.AddDays(7), 2, 30, Samples.Start.AddMinutes(minute), null, null);

    private static ExtractFile File(long number, string depot = "Longsight") => new(
        number, $"raw/depot={RawFileKey.FolderOf(depot)}/date=2026-11-21/hour=20/x-{number}.ndjson.gz", 10 * number, number % 2 == 0 ? null : new RawChecksum("SHA-256", "ab", true), "FOLDER",
        ["390-042"], Samples.Start, Samples.Start.AddMinutes(1));

    [Fact]
    public async Task An_extract_is_read_as_it_was_kept_by_its_id_and_by_its_tokens_hash()
    {
        await Store.KeepAsync(Sample("a"), "hash", default);

        foreach (var kept in new[] { await Store.GetAsync("a", default), await Store.FindByTokenAsync("hash", default) })
        {
            Assert.Equivalent(Sample("a"), kept, strict: true);
        }

        Assert.Null(await Store.GetAsync("A", default));
        Assert.Null(await Store.FindByTokenAsync("HASH", default));
    }

    [Fact]
    public async Task Files_come_in_order_of_their_numbers_page_by_page()
    {
        await Store.AddFilesAsync("a", [File(2), File(1)], default);
        await Store.AddFilesAsync("a", [File(3)], default);
        await Store.AddFilesAsync("b", [File(1)], default);
        await Store.KeepAsync(Sample("a"), "hash", default);

        var page = await Store.FindFilesAsync(Scope.WholeFleet, "a", 0, 2, default);

        Assert.Equivalent(new[] { File(1), File(2) }, page, strict: true);
        Assert.Equivalent(new[] { File(3) }, await Store.FindFilesAsync(Scope.WholeFleet, "a", 2, 2, default), strict: true);
        Assert.Equal(File(2).Key, (await Store.GetFileAsync(Scope.WholeFleet, "a", 2, default))!.Key);
        Assert.Null(await Store.GetFileAsync(Scope.WholeFleet, "a", 4, default));
    }

    [Fact]
    public async Task Archived_files_are_found_by_their_class_inside_the_scope_page_by_page()
    {
        await Store.AddFilesAsync("a", [File(1), File(2) with { StorageClass = "GLACIER" }, File(3) with { StorageClass = "GLACIER_IR" }, File(4) with { StorageClass = "DEEP_ARCHIVE" }, File(5, "Crofton") with { StorageClass = "GLACIER" }], default);
        await Store.AddFilesAsync("b", [File(1) with { StorageClass = "GLACIER" }], default);
        await Store.KeepAsync(Sample("a"), "hash", default);

        Assert.Equal([2, 4, 5], (await Store.FindArchivedAsync(Scope.WholeFleet, "a", 0, 10, default)).Select(file => file.Number));
        Assert.Equal([4], (await Store.FindArchivedAsync(Scope.WholeFleet, "a", 2, 1, default)).Select(file => file.Number));
        Assert.Equal([2, 4], (await Store.FindArchivedAsync(Samples.OnlyLongsight("depot"), "a", 0, 10, default)).Select(file => file.Number));
        Assert.Empty(await Store.FindArchivedAsync(Scope.WholeFleet, "b", 0, 10, default));
    }

    [Fact]
    public async Task Files_of_an_extract_that_was_never_finished_are_not_there()
    {
        await Store.AddFilesAsync("a", [File(1)], default);

        Assert.Empty(await Store.FindFilesAsync(Scope.WholeFleet, "a", 0, 10, default));
        Assert.Null(await Store.GetFileAsync(Scope.WholeFleet, "a", 1, default));
    }

    [Fact]
    [Trait("Fault", "SEC-29")]
    public async Task A_file_outside_the_scope_is_as_one_that_is_not_there()
    {
        await Store.AddFilesAsync("a", [File(1, "Longsight"), File(2, "Crofton"), File(3, "Longsight%2F")], default);
        await Store.KeepAsync(Sample("a"), "hash", default);
        var crofton = new Scope(FrozenSet.Create("Crofton"), null, null);

        Assert.Equal([2], (await Store.FindFilesAsync(crofton, "a", 0, 10, default)).Select(file => file.Number));
        Assert.Null(await Store.GetFileAsync(crofton, "a", 1, default));
        Assert.Empty(await Store.FindFilesAsync(Samples.Nothing, "a", 0, 10, default));
        Assert.Empty(await Store.FindFilesAsync(Samples.OnlyLongsight("line"), "a", 0, 10, default));
    }

    [Fact]
    public async Task Extracts_are_listed_newest_first_of_one_maker_or_of_all()
    {
        await Store.KeepAsync(Sample("a"), "1", default);
        await Store.KeepAsync(Sample("b", minute: 1), "2", default);
        await Store.KeepAsync(Sample("c", "other", 2), "3", default);

        Assert.Equal(["b", "a"], (await Store.FindAsync("m", 10, default)).Select(extract => extract.Id));
        Assert.Equal(["c", "b"], (await Store.FindAsync(null, 2, default)).Select(extract => extract.Id));
    }

    [Fact]
    public async Task A_new_token_ends_the_present_one_and_none_ends_it_too()
    {
        await Store.KeepAsync(Sample("a"), "1", default);
        await Store.SetTokenAsync("a", "2", Samples.Start.AddMinutes(5), default);

        Assert.Null(await Store.FindByTokenAsync("1", default));
        Assert.Equal(Samples.Start.AddMinutes(5), (await Store.FindByTokenAsync("2", default))!.TokenMadeAt);

        await Store.SetTokenAsync("a", null, Samples.Start.AddMinutes(6), default);
        Assert.Null(await Store.FindByTokenAsync("2", default));
        Assert.Null((await Store.GetAsync("a", default))!.TokenMadeAt);
    }

    [Fact]
    public async Task A_withdrawn_extract_keeps_who_withdrew_it_first_and_no_token_opens_it_again()
    {
        await Store.KeepAsync(Sample("a"), "1", default);
        await Store.WithdrawAsync("a", "One", Samples.Start.AddMinutes(2), default);
        await Store.WithdrawAsync("a", "Two", Samples.Start.AddMinutes(3), default);
        await Store.SetTokenAsync("a", "2", Samples.Start.AddMinutes(4), default);

        var extract = (await Store.GetAsync("a", default))!;
        Assert.Equal(("One", Samples.Start.AddMinutes(2)), (extract.WithdrawnBy, extract.WithdrawnAt));
        Assert.False(extract.HoldsAt(Samples.Start.AddMinutes(4)));
        Assert.Null(await Store.FindByTokenAsync("1", default));
        Assert.Null(await Store.FindByTokenAsync("2", default));
    }

    [Fact]
    public async Task What_ended_long_ago_is_forgotten_with_its_files()
    {
        await Store.AddFilesAsync("a", [File(1)], default);
        await Store.KeepAsync(Sample("a"), "1", default);
        await Store.ForgetAsync(Samples.Start.AddDays(7), default);
        Assert.NotNull(await Store.GetAsync("a", default));

        await Store.ForgetAsync(Samples.Start.AddDays(7).AddTicks(1), default);
        Assert.Null(await Store.GetAsync("a", default));
    }
}
