using System.Globalization;
using System.Text;
using OpsPortal.Adapters.Embedded;
using OpsPortal.Adapters.Embedded.Fleet;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Contracts;

namespace OpsPortal.Tests.Kit;

/// <summary>Writes raw files the way the product does, as if it had received messages at given times.</summary>
internal sealed class RawSeed(EmbeddedFiles files, TimeProvider time) : IDisposable
{
    private readonly EmbeddedTrainRegistry _registry = new(files);
    private readonly RawWriter _writer = new(new RawCatalogue(files), new Adapters.Embedded.Telemetry.RawFolder(files.Folder), new DepotLookup(new EmbeddedTrainRegistry(files), TimeProvider.System), time);
    private readonly List<SourceRecord> _records = [];
    private readonly HashSet<TrainIdentity> _trains = [];
    private long _offset;

    /// <summary>A train of a depot sends messages within the hour of a time.</summary>
    public RawSeed Add(string depot, string trainId, DateTimeOffset receivedAt, int messages = 1, SourceRecordKind kind = SourceRecordKind.Telemetry)
    {
        _trains.Add(new TrainIdentity(trainId, depot, "WCML", "390"));
        var id = kind == SourceRecordKind.Telemetry ? "trainId" : "clientId";
        for (var i = 0; i < messages; i++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $$"""{"{{id}}":"{{trainId}}","sequence":{{++_offset}},"measuredAt":"{{receivedAt.AddSeconds(i):O}}"}""");
            _records.Add(new SourceRecord(_offset, kind, receivedAt.AddSeconds(i), Encoding.UTF8.GetBytes(text)));
        }

        return this;
    }

    /// <summary>One message as a train sends it, word for word.</summary>
    public RawSeed AddText(string depot, string trainId, DateTimeOffset receivedAt, string text)
    {
        _trains.Add(new TrainIdentity(trainId, depot, "WCML", "390"));
        _records.Add(new SourceRecord(++_offset, SourceRecordKind.Telemetry, receivedAt, Encoding.UTF8.GetBytes(text)));
        return this;
    }

    /// <summary>One message of so many bytes that do not become fewer by compression.</summary>
    public RawSeed AddLarge(string depot, string trainId, DateTimeOffset receivedAt, int bytes)
    {
        _trains.Add(new TrainIdentity(trainId, depot, "WCML", "390"));
        var noise = new byte[bytes];
        new Random(7).NextBytes(noise);
        _records.Add(new SourceRecord(++_offset, SourceRecordKind.Telemetry, receivedAt, Encoding.UTF8.GetBytes($$"""{"trainId":"{{trainId}}","noise":"{{Convert.ToBase64String(noise)}}"}""")));
        return this;
    }

    /// <summary>Writes what was added, file after file, and closes those of hours that are over.</summary>
    /// <param name="closed">False to leave them all open.</param>
    public async Task WriteAsync(bool closed = true)
    {
        await _registry.RegisterAsync([.. _trains.Select(Samples.Train)], default);
        await _writer.TakeUpAsync(default);
        await _writer.KeepAsync([.. _records.OrderBy(record => record.Offset)], default);
        _records.Clear();
        if (closed)
        {
            await _writer.CloseEndedAsync(DateTimeOffset.MaxValue, default);
        }
    }

    public void Dispose() => _writer.Dispose();
}
