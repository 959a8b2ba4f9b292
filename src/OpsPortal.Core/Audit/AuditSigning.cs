namespace OpsPortal.Core.Audit;

/// <summary>
/// Signs heads: for the day that goes on, and for each day that has ended. Signs only what follows from the head before: an audit that was
/// tampered with gets no new head that would vouch for it.
/// </summary>
public sealed class AuditSigning(IAuditLog audit, HeadsFolder heads, HeadKeys keys, TimeProvider time)
{
    /// <summary>Signs what is not yet covered.</summary>
    /// <returns>How many heads were signed.</returns>
    /// <exception cref="AuditBrokenException">The rows do not follow from the newest head, or the witness has seen another.</exception>
    public async Task<int> SignAsync(CancellationToken cancellationToken)
    {
        var last = Newest();
        if (last is not null)
        {
            await DemandAsync(last, cancellationToken);
        }

        var signed = 0;
        var (rows, hash, day) = (last?.Rows ?? 0, last?.Hash ?? AuditChain.Start, await DayOfAsync(last, cancellationToken));
        await foreach (var row in audit.ReadAsync(rows, long.MaxValue, cancellationToken))
        {
            if (row.Number != rows + 1 || row.Hash != AuditChain.Hash(hash, row.Number, row.Entry))
            {
                throw new AuditBrokenException($"Row {rows + 1} of the audit does not follow from the row before.");
            }

            // A row may come a little late from another process; a day that has ended stays ended.
            var today = DateOnly.FromDateTime(row.Entry.At.UtcDateTime);
            if (day is { } former && today > former && last?.Day != former)
            {
                last = Keep(last, former, rows, hash);
                signed += last is null ? 0 : 1;
                if (last is null)
                {
                    return signed;
                }
            }

            (rows, hash, day) = (row.Number, row.Hash, day > today ? day : today);
        }

        var ended = day < DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime) ? day : null;
        return last is null || rows > last.Rows || (ended is not null && last.Day != ended)
            ? signed + (Keep(last, ended, rows, hash) is null ? 0 : 1)
            : signed;
    }

    private AuditHead? Newest()
    {
        // The witness first: the head that it speaks of was there before it, whoever signs meanwhile.
        DemandWitness();
        var number = heads.FindLast();
        if (number == 0)
        {
            return null;
        }

        var head = heads.Find(number) ?? throw new AuditBrokenException($"Head {number} is not what was written.");
        return keys.Verify(head) == HeadSignature.Good ? head : throw new AuditBrokenException($"Head {number} is not signed with one of our keys (Audit:KeyFile).");
    }

    // A new head takes the witness's place, and with it what the witness knows of heads that were removed. One that a kill has left behind is good: its head is still there.
    private void DemandWitness()
    {
        if (!heads.HoldsWitness)
        {
            return;
        }

        var witness = heads.FindWitness() ?? throw new AuditBrokenException($"The witness ({heads.WitnessFile}) is not what was written.");
        if (heads.Find(witness.Number) != witness)
        {
            throw new AuditBrokenException($"Head {witness.Number}, which the witness ({heads.WitnessFile}) has seen, is not in {heads.Folder}, or is another there.");
        }
    }

    private async Task DemandAsync(AuditHead head, CancellationToken cancellationToken)
    {
        if (head.Rows > 0 && (await RowAsync(head.Rows, cancellationToken))?.Hash != head.Hash)
        {
            throw new AuditBrokenException($"Row {head.Rows} of the audit is not the one that head {head.Number} signed.");
        }
    }

    private async Task<DateOnly?> DayOfAsync(AuditHead? head, CancellationToken cancellationToken) =>
        head is null || head.Rows == 0 ? null
        : head.Day ?? (await RowAsync(head.Rows, cancellationToken) is { } row ? DateOnly.FromDateTime(row.Entry.At.UtcDateTime) : null);

    private async Task<AuditRow?> RowAsync(long number, CancellationToken cancellationToken)
    {
        await foreach (var row in audit.ReadAsync(number - 1, 1, cancellationToken))
        {
            return row.Number == number ? row : null;
        }

        return null;
    }

    // Null when another process was quicker: it has signed the same.
    private AuditHead? Keep(AuditHead? last, DateOnly? day, long rows, string hash)
    {
        var head = keys.Sign(new AuditHead((last?.Number ?? 0) + 1, day, rows, hash, time.GetUtcNow(), last?.Signature ?? "", "", ""));
        return heads.TryKeep(head) ? head : null;
    }
}

/// <summary>The audit is not what was signed.</summary>
public sealed class AuditBrokenException(string message) : Exception(message);
