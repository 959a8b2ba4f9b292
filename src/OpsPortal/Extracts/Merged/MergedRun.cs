using System.Buffers;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;

namespace OpsPortal.Extracts.Merged;

/// <summary>What a run reads from, and asks before each file.</summary>
internal sealed class MergedSources(IExtractStore extracts, IRawFiles files, IKnownUsers users, MergedTrains trains)
{
    public IExtractStore Extracts => extracts;

    public IRawFiles Files => files;

    public MergedTrains Trains => trains;

    /// <summary>The maker as they are now.</summary>
    /// <exception cref="MergedFailedException">The extract or the maker's right to it is gone.</exception>
    public async Task<User> CheckAsync(MergedAsk ask, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await extracts.GetAsync(ask.ExtractId, cancellationToken) is not { } extract || !extract.HoldsAt(now))
        {
            throw new MergedFailedException("Its extract was withdrawn or has ended.");
        }

        return await users.GetAsync(ask.MakerId, cancellationToken) is { } maker && maker.May(Verb.MakeExtracts) && maker.Scope.Key == ask.ScopeKey
            ? maker
            : throw new MergedFailedException("What its maker may see or do was changed since it was asked for.");
    }
}

/// <summary>Makes one merged download, raw file after raw file, in the order of the manifest. Memory does not depend on how much it is.</summary>
internal sealed class MergedRun(MergedSources sources, IOptions<MergedOptions> options, TimeProvider time, ILogger<MergedRun> logger)
{
    private const int FilesAtOnce = 500;
    private const int WriteAt = 32 * 1024;

    // So much is done again at most after a kill.
    private const long NoteBytes = 32 << 20;
    private static readonly TimeSpan NoteEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>Throws only when it is stopped with the process: then it goes on in the next.</summary>
    public async Task ToEndAsync(MergedJob job, CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping, job.Cancelled);
        try
        {
            await WriteAsync(job, ends.Token);
        }
        catch (Exception) when (job.Cancelled.IsCancellationRequested)
        {
            End(job, MergedState.Cancelled, null);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (MergedFailedException e)
        {
            End(job, MergedState.Failed, e.Message);
        }
        catch (StoreUnavailableException e)
        {
            End(job, MergedState.Failed, $"It waited for {options.Value.WaitFor.TotalMinutes:0.#} minutes. {e.Message}");
        }
        catch (Exception e)
        {
            logger.MergedBroke(job.Ask.Id, e);
            End(job, MergedState.Failed, "It failed for a reason that the portal's log says. Go on with it; if it fails again, tell an administrator.");
        }
    }

    private void End(MergedJob job, MergedState state, string? problem) =>
        job.Progress = job.Progress with { State = state, EndedAt = time.GetUtcNow(), Waiting = null, Problem = problem };

    private async Task WriteAsync(MergedJob job, CancellationToken cancellationToken)
    {
        var (ask, request) = (job.Ask, job.Ask.Request);
        var maker = await PatientlyAsync(job, inner => sources.CheckAsync(ask, time.GetUtcNow(), inner), cancellationToken);
        var trains = await PatientlyAsync(job, inner => sources.Trains.InsideAsync(maker.Scope, request.Trains, inner), cancellationToken);
        var picker = new RowPicker(trains.ToHashSet(StringComparer.Ordinal), request.From, request.To, request.Sensors?.ToHashSet(StringComparer.Ordinal), ask.Format);
        job.Progress = job.Progress with { TrainsLeftOut = [.. request.Trains.Except(trains).Take(MergedPart.MostNamed)] };
        using var part = MergedPart.TakeUp(job.Folder, options.Value, picker.Head);
        var text = new ArrayBufferWriter<byte>(2 * WriteAt);
        var noted = (part.Tally.Length, At: time.GetTimestamp());
        while (await PatientlyAsync(job, inner => sources.Extracts.FindFilesAsync(maker.Scope, ask.ExtractId, part.Tally.After, FilesAtOnce, inner), cancellationToken) is { Count: > 0 } page)
        {
            foreach (var file in page)
            {
                await PatientlyAsync(job, inner => AddAsync(job, file, part, picker, text, inner), cancellationToken);
                Tell(job, part);
                if (part.Tally.Length - noted.Length >= NoteBytes || time.GetElapsedTime(noted.At) >= NoteEvery)
                {
                    part.Note();
                    noted = (part.Tally.Length, time.GetTimestamp());
                }
            }
        }

        var hash = await part.FinishAsync(cancellationToken);
        Tell(job, part);
        job.Progress = job.Progress with { State = MergedState.Succeeded, EndedAt = time.GetUtcNow(), Sha256 = hash };
    }

    private static void Tell(MergedJob job, MergedPart part) => job.Progress = job.Progress with { Tally = part.Tally, LeftOut = [.. part.Named] };

    // What is away comes back: the file is begun anew then.
    private async Task<T> PatientlyAsync<T>(MergedJob job, Func<CancellationToken, Task<T>> act, CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); ;)
        {
            try
            {
                var done = await act(cancellationToken);
                job.Progress = job.Progress.Waiting is null ? job.Progress : job.Progress with { Waiting = null };
                return done;
            }
            catch (StoreUnavailableException e) when (time.GetElapsedTime(began) < options.Value.WaitFor)
            {
                job.Progress = job.Progress with { Waiting = e.Message };
                await Task.Delay(LookAgain, time, cancellationToken);
            }
        }
    }

    // Role, scope and extract are looked at before each file, as for a single one.
    private async Task<bool> AddAsync(MergedJob job, ExtractFile file, MergedPart part, RowPicker picker, ArrayBufferWriter<byte> text, CancellationToken cancellationToken)
    {
        var maker = await sources.CheckAsync(job.Ask, time.GetUtcNow(), cancellationToken);
        if (await sources.Files.OpenAsync(maker.Scope, file.Key, cancellationToken) is not { } opened)
        {
            part.LeaveOut(file.Number, file.Key, "It is not there any more.");
            return false;
        }

        if (opened.Bytes is null)
        {
            part.LeaveOut(file.Number, file.Key, opened.State.Reason ?? "It cannot be had now.");
            return false;
        }

        await using var lines = new RawLines(file, opened.Bytes);
        try
        {
            await PickAsync(lines, file, part, picker, text, cancellationToken);
            return true;
        }
        catch (RawFileDamagedException e)
        {
            part.LeaveOut(file.Number, file.Key, $"The file is damaged: {e.Message}. None of its rows is taken. An administrator can restore it from a copy.");
            return false;
        }
    }

    private static async Task PickAsync(RawLines lines, ExtractFile file, MergedPart part, RowPicker picker, ArrayBufferWriter<byte> text, CancellationToken cancellationToken)
    {
        using var member = part.Begin();
        var (rows, unplaced) = (0L, 0L);
        text.ResetWrittenCount();
        while (await lines.NextAsync(cancellationToken) is { } line)
        {
            var picked = picker.Pick(line.Span, text);
            (rows, unplaced) = (rows + picked.Rows, unplaced + (picked.Unplaced ? 1 : 0));
            if (text.WrittenCount >= WriteAt)
            {
                member.Write(text.WrittenSpan);
                text.ResetWrittenCount();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        await lines.CheckAsync(cancellationToken);
        if (text.WrittenCount > 0)
        {
            member.Write(text.WrittenSpan);
        }

        var tally = part.Tally;
        member.Keep(tally with { After = file.Number, Files = tally.Files + 1, Rows = tally.Rows + rows, Unplaced = tally.Unplaced + unplaced });
    }
}
