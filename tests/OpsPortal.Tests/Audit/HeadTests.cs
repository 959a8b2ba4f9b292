using System.Security.Cryptography;
using OpsPortal.Core.Audit;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using Kind = OpsPortal.Core.Audit.AuditBreakKind;

namespace OpsPortal.Tests.Audit;

/// <summary>Heads: when they are signed, and what becomes of them in other hands.</summary>
[Trait("Fault", "SEC-39")]
public sealed class HeadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opsportal-heads-").FullName;
    private readonly AuditMemory _audit = new();
    private readonly ManualTime _time = new();
    private readonly HeadKeys _keys = HeadKeys.Read(HeadKeys.New());

    private HeadsFolder Heads => new(_folder);

    private string Witness => Path.Combine(_folder, "witness.json");

    public void Dispose()
    {
        _keys.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Nothing_new_gets_no_head_and_the_end_of_a_day_gets_one()
    {
        Assert.Equal(1, await SignAsync());
        await ActAsync(3);
        Assert.Equal((1, 0), (await SignAsync(), await SignAsync()));
        _time.Advance(TimeSpan.FromHours(5));
        Assert.Equal((1, 0), (await SignAsync(), await SignAsync()));

        Assert.Equal([(1, 0, null), (2, 3, null), (3, 3, new DateOnly(2026, 11, 21))], new[] { 1, 2, 3 }.Select(number => Heads.Find(number)!).Select(head => ((int)head.Number, (int)head.Rows, head.Day)));
        Assert.True((await VerifyAsync()).IsIntact);
    }

    [Fact]
    public async Task Days_that_passed_while_nobody_signed_get_their_heads_afterwards()
    {
        await SignAsync();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await ActAsync(2);
            _time.Advance(TimeSpan.FromDays(1));
        }

        await SignAsync();

        Assert.Equal([null, new DateOnly(2026, 11, 21), new DateOnly(2026, 11, 22), new DateOnly(2026, 11, 23)], Enumerable.Range(1, 4).Select(number => Heads.Find(number)!.Day));
        Assert.True((await VerifyAsync()).IsIntact);
    }

    [Fact]
    public async Task Rows_that_were_there_before_there_were_heads_are_covered_by_the_first()
    {
        await ActAsync(5);

        Assert.Equal(Kind.HeadMissing, (await VerifyAsync()).Break!.Kind);
        await SignAsync();

        Assert.Equal((5L, 5L), ((await VerifyAsync()).Rows, (await VerifyAsync()).Covered));
    }

    [Fact]
    public async Task Two_processes_that_sign_at_the_same_time_make_one_chain()
    {
        for (var i = 0; i < 200; i++)
        {
            await ActAsync(1);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(SignAsync)));
        }

        var verdict = await VerifyAsync();
        Assert.Null(verdict.Break);
        Assert.Equal((200L, 200L), (verdict.Rows, verdict.Covered));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_flipped_bit_of_any_byte_of_a_head_is_found(long number)
    {
        await SignedAsync();
        var file = FileOf(number);
        var bytes = await File.ReadAllBytesAsync(file);
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 0x01;
            await File.WriteAllBytesAsync(file, changed);
            Assert.Equal(number, (await VerifyAsync()).Break?.Head);
        }
    }

    [Theory]
    [InlineData("hash")]
    [InlineData("at")]
    [InlineData("former")]
    [InlineData("key")]
    [InlineData("signature")]
    public async Task A_head_without_one_of_its_texts_is_none_and_found(string name)
    {
        await SignedAsync();
        var json = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(FileOf(3)))!;
        json[name] = null;
        var options = new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        await File.WriteAllTextAsync(FileOf(3), json.ToJsonString(options) + "\n");

        var found = (await VerifyAsync()).Break!;

        Assert.Equal((Kind.HeadChanged, 3L), (found.Kind, found.Head));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task A_missing_head_is_found_also_the_newest(long number)
    {
        await SignedAsync();
        File.Delete(FileOf(number));

        var found = (await VerifyAsync()).Break!;

        Assert.Equal((Kind.HeadMissing, number), (found.Kind, found.Head));
    }

    [Fact]
    public async Task Removed_heads_are_found_all_of_them_and_with_a_witness_elsewhere_too()
    {
        await SignedAsync();
        Directory.Delete(Path.GetDirectoryName(FileOf(1))!, recursive: true);
        Assert.Equal((Kind.HeadMissing, 1L), ((await VerifyAsync()).Break!.Kind, (await VerifyAsync()).Break!.Head));

        // Nor is everything just signed anew.
        await Assert.ThrowsAsync<AuditBrokenException>(SignAsync);

        File.Delete(Witness);
        Assert.Equal(Kind.HeadMissing, (await VerifyAsync()).Break!.Kind);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(4)]
    public async Task Removed_newest_heads_are_not_signed_over_and_the_witness_goes_on_knowing_of_them(long first)
    {
        await SignedAsync();
        var witness = await File.ReadAllBytesAsync(Witness);
        for (var number = first; number <= 5; number++)
        {
            File.Delete(FileOf(number));
        }

        // The rows that they covered are gone too, and the portal runs on.
        var rest = new AuditMemory();
        await foreach (var row in _audit.ReadAsync(0, Heads.Find(first - 1)!.Rows, default))
        {
            await rest.AppendAsync(row.Entry, default);
        }

        for (var round = 0; round < 5; round++)
        {
            await rest.AppendAsync(new AuditEntry(_time.GetUtcNow(), "Operator One", "acknowledge", "al-1", null, "ok", null, null), default);
            await Assert.ThrowsAsync<AuditBrokenException>(() => new AuditSigning(rest, Heads, _keys, _time).SignAsync(default));
        }

        Assert.Equal(witness, await File.ReadAllBytesAsync(Witness));
        var found = (await new AuditVerification(rest, Heads, _keys).RunAsync(null, default)).Break!;
        Assert.Equal((Kind.HeadMissing, first), (found.Kind, found.Head));
    }

    [Fact]
    public async Task A_witness_that_cannot_be_read_or_knows_another_head_is_not_written_over()
    {
        await SignedAsync();
        await ActAsync(1);
        foreach (var spoilt in new[] { "", "{}", System.Text.Encoding.UTF8.GetString(_keys.Sign(Heads.Find(5)! with { At = _time.GetUtcNow().AddSeconds(1) }).ToBytes()) })
        {
            await File.WriteAllTextAsync(Witness, spoilt);

            await Assert.ThrowsAsync<AuditBrokenException>(SignAsync);
            Assert.Equal(spoilt, await File.ReadAllTextAsync(Witness));
        }
    }

    [Fact]
    public async Task A_witness_that_a_kill_has_left_behind_comes_after_with_the_next_head()
    {
        await SignedAsync();
        await File.WriteAllBytesAsync(Witness, Heads.Find(4)!.ToBytes());
        await ActAsync(1);

        Assert.Equal(1, await SignAsync());
        Assert.Equal(Heads.Find(6), Heads.FindWitness());
        Assert.True((await VerifyAsync()).IsIntact);
    }

    [Fact]
    public async Task A_head_of_another_key_is_foreign_and_one_put_in_the_place_of_another_does_not_follow()
    {
        await SignedAsync();
        using var foreign = HeadKeys.Read(HeadKeys.New());
        var third = Heads.Find(3)!;
        await File.WriteAllBytesAsync(FileOf(3), foreign.Sign(third).ToBytes());
        Assert.Equal((Kind.HeadForeign, 3L), ((await VerifyAsync()).Break!.Kind, (await VerifyAsync()).Break!.Head));

        // Signed with our key, but not the one that was there: the next carries the signature of another.
        await File.WriteAllBytesAsync(FileOf(3), _keys.Sign(third with { At = third.At.AddSeconds(1) }).ToBytes());
        Assert.Equal((Kind.HeadChanged, 4L), ((await VerifyAsync()).Break!.Kind, (await VerifyAsync()).Break!.Head));
    }

    [Fact]
    public async Task The_newest_head_made_anew_with_our_own_key_is_not_the_one_the_witness_has_seen()
    {
        await SignedAsync();
        var last = Heads.Find(5)!;
        await File.WriteAllBytesAsync(FileOf(5), _keys.Sign(last with { At = last.At.AddSeconds(1) }).ToBytes());

        Assert.Equal((Kind.HeadChanged, 5L), ((await VerifyAsync()).Break!.Kind, (await VerifyAsync()).Break!.Head));
    }

    [Fact]
    public async Task A_new_key_goes_on_from_the_old_one_and_a_public_key_is_enough_to_verify()
    {
        await SignedAsync();
        using var rsa = RSA.Create(2_048);
        var pem = rsa.ExportPkcs8PrivateKeyPem() + "\n" + _keys.PublicPem;
        using var both = HeadKeys.Read(pem);
        await ActAsync(1);
        await new AuditSigning(_audit, Heads, both, _time).SignAsync(default);
        using var halves = HeadKeys.Read(both.PublicPem + "\n" + _keys.PublicPem);

        Assert.Equal((true, false), (both.CanSign, halves.CanSign));
        Assert.Null((await new AuditVerification(_audit, Heads, halves).RunAsync(null, default)).Break);
        Assert.Equal(Kind.HeadForeign, (await VerifyAsync()).Break!.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void What_is_no_key_is_refused_without_being_repeated(string pem) =>
        Assert.DoesNotContain("AAAA", Assert.Throws<FormatException>(() => HeadKeys.Read(pem)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_short_key_is_refused()
    {
        using var rsa = RSA.Create(1_024);

        Assert.Contains("2048", Assert.Throws<FormatException>(() => HeadKeys.Read(rsa.ExportPkcs8PrivateKeyPem())).Message, StringComparison.Ordinal);
    }

    private string FileOf(long number) => Path.Combine(_folder, "000000000", $"{number:000000000}.json");

    private Task<int> SignAsync() => new AuditSigning(_audit, Heads, _keys, _time).SignAsync(default);

    private Task<AuditVerdict> VerifyAsync() => new AuditVerification(_audit, Heads, _keys).RunAsync(null, default);

    private async Task ActAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await _audit.AppendAsync(new AuditEntry(_time.GetUtcNow(), "Operator One", "acknowledge", "al-1", null, "ok", null, null), default);
        }
    }

    private async Task SignedAsync()
    {
        for (var i = 0; i < 5; i++)
        {
            await ActAsync(i);
            await SignAsync();
        }
    }
}
