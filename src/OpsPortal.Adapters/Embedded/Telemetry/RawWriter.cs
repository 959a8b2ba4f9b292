using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>
/// Puts records into raw files exactly once: whole members to disk first, then the catalogue says in one step that they count
/// and up to which source offset. Killed in between, the bytes are cut off again and the records read again.
/// </summary>
internal sealed class RawWriter(RawCatalogue catalogue, RawFolder folder, DepotLookup depots, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<RawKey, OpenRawFile> _open = [];

    /// <summary>Takes up where the last run ended, however it ended.</summary>
    public async Task<long> TakeUpAsync(CancellationToken cancellationToken)
    {
        foreach (var file in await catalogue.FindOpenAsync(cancellationToken))
        {
            folder.CutToCatalogue(file);
            _open[file.Key] = file;
        }

        return await catalogue.GetArchivedAsync(cancellationToken);
    }

    public async Task KeepAsync(IReadOnlyList<SourceRecord> records, CancellationToken cancellationToken)
    {
        var lines = records.Select(record => (Record: record, Line: RawLine.Of(record))).ToList();
        await depots.LookUpAsync(lines.Select(line => line.Line.TrainId), cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        var contents = new Dictionary<RawKey, RawContent>();
        try
        {
            Sort(lines, contents);
            await AppendAsync(contents, records[^1].Offset, cancellationToken);
        }
        finally
        {
            foreach (var content in contents.Values)
            {
                content.Dispose();
            }

            _turn.Release();
        }
    }

    /// <summary>Closes the files of hours that were over at <paramref name="upTo"/>, with their checksum in the catalogue.</summary>
    public async Task CloseEndedAsync(DateTimeOffset upTo, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            foreach (var file in _open.Values.Where(file => file.Key.End <= upTo).ToList())
            {
                await catalogue.CloseAsync(file, await folder.HashAsync(file, cancellationToken), time.GetUtcNow(), cancellationToken);
                _open.Remove(file.Key);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private void Sort(List<(SourceRecord Record, RawLine Line)> lines, Dictionary<RawKey, RawContent> contents)
    {
        foreach (var (record, line) in lines)
        {
            var key = new RawKey(record.Kind, depots.Of(line.TrainId), RawKey.HourOf(record.ReceivedAt));
            if (!contents.TryGetValue(key, out var content))
            {
                contents[key] = content = new RawContent(record);
            }

            content.Add(record, line);
        }
    }

    private async Task AppendAsync(Dictionary<RawKey, RawContent> contents, long archived, CancellationToken cancellationToken)
    {
        var members = new List<RawMember>();
        foreach (var (key, content) in contents)
        {
            if (!_open.TryGetValue(key, out var file))
            {
                _open[key] = file = await catalogue.EnterAsync(key.FileKey(content.First), key, cancellationToken);
            }

            var member = content.ToMember();
            folder.Append(file, member);
            members.Add(new RawMember(file, member.Length, content));
        }

        await catalogue.KeepAsync(members, archived, cancellationToken);
        foreach (var member in members)
        {
            _open[member.File.Key] = member.File with { Bytes = member.File.Bytes + member.Bytes };
        }
    }
}
