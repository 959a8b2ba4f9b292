using OpsPortal.Core.Audit;
using Kind = OpsPortal.Core.Audit.AuditBreakKind;

namespace OpsPortal.Tests.Audit;

/// <summary>Whatever is done to ten thousand acts is found, and it is told where.</summary>
[Trait("Fault", "SEC-39")]
public abstract class TamperingContract(TamperedAudit audit) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => audit.MendAsync();

    [Fact]
    public async Task Ten_thousand_acts_of_four_days_are_intact_and_what_no_head_covers_yet_is_said()
    {
        var verdict = await audit.VerifyAsync();

        Assert.Null(verdict.Break);
        Assert.Equal((TamperedAudit.Acts, TamperedAudit.Acts - TamperedAudit.Uncovered), (verdict.Rows, verdict.Covered));
        Assert.Contains("rows 9981 to 10000 are not yet covered", verdict.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_day_that_has_ended_has_its_head_and_the_next_day_goes_on_from_it()
    {
        var days = Enumerable.Range(1, (int)audit.Heads.FindLast()).Select(number => audit.Heads.Find(number)!).Where(head => head.Day is not null).ToList();

        Assert.Equal(3, days.Count);
        foreach (var head in days)
        {
            var (last, next) = (audit.Rows[(int)head.Rows - 1], audit.Rows[(int)head.Rows]);
            Assert.Equal(head.Day, DateOnly.FromDateTime(last.Entry.At.UtcDateTime));
            Assert.Equal(head.Day!.Value.AddDays(1), DateOnly.FromDateTime(next.Entry.At.UtcDateTime));
            Assert.Equal(AuditChain.Hash(head.Hash, next.Number, next.Entry), next.Hash);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(9_980)]
    [InlineData(9_999)]
    public async Task A_flipped_bit_is_found(long number)
    {
        var row = Row(number);
        await audit.PutAsync(row with { Entry = row.Entry with { Who = Flip(row.Entry.Who) } });

        await FoundAsync(Kind.RowChanged, number, number);
    }

    [Fact]
    public async Task A_flipped_bit_of_every_field_is_found()
    {
        var (row, wrong) = (Row(4_321), new List<string>());
        var entry = row.Entry;
        foreach (var (name, changed) in new (string, AuditRow)[]
        {
            ("at", row with { Entry = entry with { At = entry.At.AddTicks(1) } }), ("act", row with { Entry = entry with { Act = Flip(entry.Act) } }), ("on", row with { Entry = entry with { On = Flip(entry.On) } }),
            ("from", row with { Entry = entry with { From = null } }), ("outcome", row with { Entry = entry with { Outcome = Flip(entry.Outcome) } }), ("detail", row with { Entry = entry with { Detail = "" } }),
            ("correlation", row with { Entry = entry with { Correlation = Flip(entry.Correlation!) } }), ("hash", row with { Hash = Flip(row.Hash) }),
        })
        {
            await audit.PutAsync(changed);
            if ((await audit.VerifyAsync()).Break is not { FromRow: 4_321 })
            {
                wrong.Add(name);
            }

            await audit.MendAsync();
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7_000, 7_000)]
    [InlineData(2_000, 2_999)]
    public async Task Deleted_rows_are_found(long from, long to)
    {
        await audit.RemoveAsync(from, to);

        await FoundAsync(Kind.RowsMissing, from, to);
    }

    [Fact]
    public async Task A_deleted_row_is_found_though_those_behind_it_have_closed_up()
    {
        await audit.PutAsync([.. audit.Rows.Skip(9_900).Select(row => row with { Number = row.Number - 1 })]);
        await audit.RemoveAsync(10_000, 10_000);

        await FoundAsync(Kind.RowsMissing, 9_900, 9_900);
    }

    [Fact]
    public async Task An_inserted_row_is_found_though_those_behind_it_have_made_room()
    {
        await audit.PutAsync([.. audit.Rows.Skip(9_899).Select(row => row with { Number = row.Number + 1 })]);
        var before = Row(9_899);
        var entry = Row(9_900).Entry with { Who = "Somebody Else" };
        await audit.PutAsync(new AuditRow(9_900, entry, AuditChain.Hash(before.Hash, 9_900, entry)));

        await FoundAsync(Kind.RowChanged, 9_901, 9_902);
    }

    [Fact]
    public async Task A_copied_row_put_in_between_is_found()
    {
        await audit.PutAsync([.. audit.Rows.Skip(9_899).Select(row => row with { Number = row.Number + 1 })]);
        await audit.PutAsync(Row(5_000) with { Number = 9_900 });

        await FoundAsync(Kind.RowInserted, 9_900, 9_900);
    }

    [Fact]
    public async Task Reordered_rows_are_found()
    {
        await audit.PutAsync(Row(3_001) with { Number = 3_000 }, Row(3_000) with { Number = 3_001 });

        await FoundAsync(Kind.RowsReordered, 3_000, 3_001);
    }

    [Fact]
    public async Task A_cut_tail_is_found()
    {
        await audit.RemoveAsync(9_501, TamperedAudit.Acts);

        var verdict = await FoundAsync(Kind.TailCut, 9_501, null);
        Assert.Contains("rows 9501 to 9980 at least were there", verdict.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tail_chained_anew_is_found_by_the_head_that_signed_another()
    {
        await audit.PutAsync([.. Chained(audit.Rows.Skip(8_000).Select(row => row.Entry with { Who = "Nobody" }), 8_000)]);

        var verdict = await FoundAsync(Kind.RowsReplaced, null, 9_000);
        Assert.InRange(verdict.Break!.FromRow!.Value, 7_501, 8_001);
        Assert.NotNull(verdict.Break.Head);
    }

    [Fact]
    public async Task A_wholly_replaced_log_is_found_though_its_own_chain_is_whole()
    {
        await audit.PutAsync([.. Chained(audit.Rows.Select(row => row.Entry with { Who = "Nobody" }), 0)]);

        await FoundAsync(Kind.RowsReplaced, 1, 720);
    }

    [Fact]
    public async Task An_emptied_log_is_found()
    {
        await audit.RemoveAsync(1, TamperedAudit.Acts);

        await FoundAsync(Kind.TailCut, 1, null);
    }

    [Fact]
    public async Task What_was_tampered_with_gets_no_new_head()
    {
        await audit.PutAsync([.. Chained(audit.Rows.Select(row => row.Entry with { Who = "Nobody" }), 0)]);
        var last = audit.Heads.FindLast();

        await Assert.ThrowsAsync<AuditBrokenException>(() => new AuditSigning(audit.Open(), audit.Heads, audit.Keys, TimeProvider.System).SignAsync(default));
        Assert.Equal(last, audit.Heads.FindLast());
    }

    private AuditRow Row(long number) => audit.Rows[(int)number - 1];

    private IEnumerable<AuditRow> Chained(IEnumerable<AuditEntry> entries, int after)
    {
        var (number, hash) = ((long)after, after == 0 ? AuditChain.Start : Row(after).Hash);
        foreach (var entry in entries)
        {
            hash = AuditChain.Hash(hash, ++number, entry);
            yield return new AuditRow(number, entry, hash);
        }
    }

    private async Task<AuditVerdict> FoundAsync(Kind kind, long? from, long? to)
    {
        var verdict = await audit.VerifyAsync();
        Assert.False(verdict.IsIntact);
        Assert.Equal((kind, to), (verdict.Break!.Kind, verdict.Break.ToRow));
        Assert.Equal(from ?? verdict.Break.FromRow, verdict.Break.FromRow);
        return verdict;
    }

    private static string Flip(string text) => text[..^1] + (char)(text[^1] ^ 1);
}
