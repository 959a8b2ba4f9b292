using System.Globalization;

namespace OpsPortal.Core.Audit;

/// <summary>
/// Holds rows against their chain, and the chain against the signed heads. Rows come as a stream and heads one by one, so that any number
/// takes little memory. What is written meanwhile disturbs nothing: it is a row more, not yet covered.
/// </summary>
public sealed class AuditVerification(IAuditLog audit, HeadsFolder heads, HeadKeys keys)
{
    private const int ReportEvery = 1_000;

    /// <summary>Verifies everything.</summary>
    /// <param name="progress">Told the number of rows read, from time to time.</param>
    public async Task<AuditVerdict> RunAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        // The witness first and the heads before the rows: each was there when what it speaks of was there.
        var headWalk = new HeadWalk(heads, keys);
        if (headWalk.Advance() is { } early)
        {
            return new AuditVerdict(0, 0, null, headWalk.Good, early);
        }

        var walk = new RowWalk(headWalk);
        await using var rows = audit.ReadAsync(0, long.MaxValue, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await rows.MoveNextAsync())
        {
            if (walk.Take(rows.Current) is { } found)
            {
                // One row more tells in which way this one is wrong.
                var next = found.Kind == AuditBreakKind.RowChanged && await rows.MoveNextAsync() ? rows.Current : null;
                return walk.Conclude(next is null ? found : walk.Explain(found, next));
            }

            if (walk.Rows % ReportEvery == 0)
            {
                progress?.Report(walk.Rows);
            }
        }

        progress?.Report(walk.Rows);
        return walk.Conclude(walk.End());
    }

    /// <summary>Heads in order, each checked.</summary>
    private sealed class HeadWalk
    {
        private readonly HeadsFolder _heads;
        private readonly HeadKeys _keys;
        private readonly AuditHead? _witness;
        private readonly bool _witnessSpoilt;
        private readonly long _last;

        public HeadWalk(HeadsFolder heads, HeadKeys keys)
        {
            (_heads, _keys) = (new HeadsFolder(heads.Folder, heads.WitnessFile), keys);
            _witness = heads.FindWitness();
            _witnessSpoilt = _witness is null && heads.HoldsWitness;
            _last = Math.Max(_heads.FindLast(), _witness?.Number ?? 0);
        }

        /// <summary>The next head to be met; null when there is none more.</summary>
        public AuditHead? Next { get; private set; }

        /// <summary>The head before.</summary>
        public AuditHead? Former { get; private set; }

        public long Good { get; private set; }

        /// <summary>Goes on to the next head. Gives the break, if the heads themselves have one.</summary>
        public AuditBreak? Advance()
        {
            (Former, Next) = (Next ?? Former, null);
            var number = (Former?.Number ?? 0) + 1;
            if (_last == 0)
            {
                return Wrong(AuditBreakKind.HeadMissing, 1, "there is no head, and so nothing that vouches for any row. The first is signed when the portal starts: unless it never has, the heads were removed, or are in another folder (Audit:HeadsFolder).");
            }

            if (number > _last)
            {
                return _witnessSpoilt ? Wrong(AuditBreakKind.HeadChanged, _last, "the witness is not what was written.") : null;
            }

            if (!_heads.Holds(number))
            {
                return Wrong(AuditBreakKind.HeadMissing, number, $"head {number} is missing; {(number > _heads.FindLast() ? "the witness has seen it." : $"there are some up to {_last}.")}");
            }

            Next = _heads.Find(number);
            if (Problem(number) is { } problem)
            {
                Next = null;
                return problem;
            }

            Good++;
            return null;
        }

        private AuditBreak? Problem(long number) => Next switch
        {
            null => Wrong(AuditBreakKind.HeadChanged, number, $"head {number} is not what was written."),
            var head when _keys.Verify(head) == HeadSignature.Foreign => Wrong(AuditBreakKind.HeadForeign, number, $"head {number} is signed with a key that is none of ours (Audit:KeyFile)."),
            var head when _keys.Verify(head) == HeadSignature.Bad => Wrong(AuditBreakKind.HeadChanged, number, $"head {number} is not what was signed."),
            var head when head.Former != (Former?.Signature ?? "") || head.Rows < (Former?.Rows ?? 0) => Wrong(AuditBreakKind.HeadChanged, number, $"head {number} does not follow the one before: one of them was replaced."),
            var head when number == _witness?.Number && head != _witness => Wrong(AuditBreakKind.HeadChanged, number, $"head {number} is not the one that the witness has seen."),
            _ => null,
        };

        private AuditBreak Wrong(AuditBreakKind kind, long number, string words) => new(kind, null, null, number, Former?.At, words);
    }

    /// <summary>Rows in order, held against the chain and the heads.</summary>
    private sealed class RowWalk(HeadWalk heads)
    {
        private AuditRow? _last;
        private AuditRow? _wrong;

        public long Rows => _last?.Number ?? 0;

        private string LastHash => _last?.Hash ?? AuditChain.Start;

        /// <summary>Takes the next row. Gives the break, if it is one.</summary>
        public AuditBreak? Take(AuditRow row)
        {
            var expected = Rows + 1;
            // A head may cover nothing: the first of an empty audit.
            if (Met() is { } early)
            {
                return early;
            }

            if (row.Number != expected)
            {
                return row.Number > expected
                    ? Wrong(AuditBreakKind.RowsMissing, expected, row.Number - 1, $"{Span(expected, row.Number - 1)} missing.")
                    : Wrong(AuditBreakKind.RowInserted, row.Number, row.Number, row.Number < 1 ? $"row {row.Number} was put in before the first: none has such a number." : $"row {row.Number} stands there twice.");
            }

            if (row.Hash != AuditChain.Hash(LastHash, row.Number, row.Entry))
            {
                _wrong = row;
                return Wrong(AuditBreakKind.RowChanged, row.Number, row.Number, $"row {row.Number} is not what was written.");
            }

            _last = row;
            return Met();
        }

        /// <summary>Says more exactly how a row is wrong, by the one behind it.</summary>
        public AuditBreak Explain(AuditBreak found, AuditRow next)
        {
            var (row, number) = (_wrong!, found.FromRow!.Value);
            if (next.Number != number + 1 || next.Hash == AuditChain.Hash(row.Hash, next.Number, next.Entry))
            {
                return found;
            }

            // As it would be if the two stood the other way round.
            if (next.Hash == AuditChain.Hash(LastHash, number, next.Entry))
            {
                return row.Hash == AuditChain.Hash(next.Hash, next.Number, row.Entry)
                    ? Wrong(AuditBreakKind.RowsReordered, number, next.Number, $"rows {number} and {next.Number} have changed places.")
                    : Wrong(AuditBreakKind.RowInserted, number, number, $"row {number} was put in; what was row {number} is row {next.Number} now.");
            }

            return next.Hash == AuditChain.Hash(row.Hash, number + 2, next.Entry)
                ? Wrong(AuditBreakKind.RowsMissing, number, number, $"row {number} was taken out, and the rows behind it renumbered.")
                : Wrong(AuditBreakKind.RowChanged, number, next.Number, $"rows {number} and {next.Number} are not what was written, or not in their places.");
        }

        /// <summary>After the last row: heads must speak of no more than there was.</summary>
        public AuditBreak? End() =>
            Met() ?? (heads.Next is { } head && head.Rows > Rows
                ? Wrong(AuditBreakKind.TailCut, Rows + 1, null, $"the end is missing: rows {Rows + 1} to {head.Rows} at least were there when head {head.Number} was signed at {Time(head.At)}.", head.Number)
                : null);

        public AuditVerdict Conclude(AuditBreak? found) => new(Rows, heads.Former?.Rows ?? 0, heads.Former?.At, heads.Good, found);

        // All heads that speak of the row that is the last now.
        private AuditBreak? Met()
        {
            while (heads.Next is { } head && head.Rows == Rows)
            {
                if (head.Hash != LastHash)
                {
                    var first = (heads.Former?.Rows ?? 0) + 1;
                    return Wrong(AuditBreakKind.RowsReplaced, first, head.Rows, $"{Span(first, head.Rows)} not what head {head.Number} signed at {Time(head.At)}: they were changed and chained anew, or the whole audit was replaced.", head.Number);
                }

                if (heads.Advance() is { } broken)
                {
                    return broken;
                }
            }

            return null;
        }

        private AuditBreak Wrong(AuditBreakKind kind, long from, long? to, string words, long? head = null) => new(kind, from, to, head, _last?.Entry.At, words);

        private static string Span(long from, long to) => from == to ? $"row {from} is" : $"rows {from} to {to} are";

        private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
    }
}
