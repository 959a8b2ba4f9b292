using System.Buffers;
using System.Globalization;
using System.Text.Json;
using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;
using OpsPortal.Door;
using OpsPortal.Tokens;

namespace OpsPortal.Workbench;

/// <summary>How a download is written.</summary>
internal enum RowFormat
{
    Json,
    Csv,
    Ndjson,
}

/// <summary>
/// A whole result as a file, row by row: from what is kept when that is all, else by asking the warehouse again. What fails before anything is sent is answered; what breaks
/// in the middle breaks the connection too, so that nobody takes a part for the whole.
/// </summary>
internal sealed class QueryDownload(IWarehouse warehouse, QueryAudit audit, Refusals refusals, ILogger<QueryDownload> logger)
{
    private const int FlushAt = 64 * 1024;

    /// <summary>Writes the answer. The place is given back at the end.</summary>
    public async Task WriteAsync(HttpContext context, QueryJob job, User user, RowFormat format, WorkbenchOptions options, IDisposable? place)
    {
        using (place)
        {
            var asksAgain = job.Progress.Cut is not null;
            var trace = CallerTrace.Of(context);
            await audit.DownloadedAsync(job, user, format.ToString().ToLowerInvariant(), asksAgain, trace, context.RequestAborted);
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, job.Cancelled);
            var (rows, outcome) = (0L, "failed");
            try
            {
                await using var result = asksAgain ? await warehouse.RunAsync(user, job.Query with { Rows = options.DownloadRows, Time = options.DownloadTime, IsLong = true }, ends.Token) : null;
                Head(context.Response, job, format, asksAgain ? options.DownloadRows : null);
                var columns = result?.Columns ?? job.Progress.Columns ?? [];
                await using var source = result is null ? new KeptRows(job, columns.Count, ends.Token) : (IRowSource)new AskedRows(result, ends.Token);
                rows = await (format == RowFormat.Csv ? WriteCsvAsync(context.Response, columns, source, ends.Token) : WriteNdjsonAsync(context.Response, columns, source, ends.Token));
                outcome = "ok";
            }
            catch (Exception e) when (context.Response.HasStarted)
            {
                logger.DownloadBrokeOff(job.Id, e.Message);
                context.Abort();
            }
            catch (Exception e) when (e is QueryCutException or QueryFailedException or WarehouseDeniedException || job.Cancelled.IsCancellationRequested)
            {
                logger.DownloadBrokeOff(job.Id, e.Message);
                await AnswerAsync(context, e);
            }
            finally
            {
                await audit.DownloadEndedAsync(job, user, rows, outcome, trace);
            }
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception failure)
    {
        context.Response.Clear();
        await (failure switch
        {
            QueryCutException => Problem.Of(StatusCodes.Status503ServiceUnavailable, failure.Message),
            QueryFailedException => Problem.Of(StatusCodes.Status409Conflict, failure.Message, "sql"),
            WarehouseDeniedException => await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, failure.Message),
            _ => Problem.Of(StatusCodes.Status404NotFound, QueryEndpoints.NotThere, "id"),
        }).ExecuteAsync(context);
    }

    private static void Head(HttpResponse response, QueryJob job, RowFormat format, long? most)
    {
        var limit = most is { } rows ? string.Create(CultureInfo.InvariantCulture, $"-at-most-{rows}-rows") : "";
        response.ContentType = format == RowFormat.Csv ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8";
        response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"query-{job.AskedAt.UtcDateTime:yyyyMMdd-HHmmss}-{job.Id[..6]}{limit}.{(format == RowFormat.Csv ? "csv" : "ndjson")}\"");
    }

    private static async Task<long> WriteCsvAsync(HttpResponse response, IReadOnlyList<WarehouseColumn> columns, IRowSource rows, CancellationToken cancellationToken)
    {
        var (text, width, count) = (new CsvText(response.BodyWriter), columns.Count, 0L);
        foreach (var column in columns)
        {
            text.Add(column.Name);
        }

        text.EndRow();
        while (await rows.ReadAsync())
        {
            for (var i = 0; i < width; i++)
            {
                text.Add(rows[i]);
            }

            text.EndRow();
            count++;
            await text.SendAsync(isEnd: false, cancellationToken);
        }

        await text.SendAsync(isEnd: true, cancellationToken);
        return count;
    }

    private static async Task<long> WriteNdjsonAsync(HttpResponse response, IReadOnlyList<WarehouseColumn> columns, IRowSource rows, CancellationToken cancellationToken)
    {
        var names = Cells.Names(columns).Select(name => JsonEncodedText.Encode(name)).ToArray();
        // Gathered here: what is in the answer's own buffer cannot be taken back.
        var gathered = new ArrayBufferWriter<byte>(2 * FlushAt);
        using var writer = new Utf8JsonWriter(gathered, new JsonWriterOptions { SkipValidation = true });
        var count = 0L;
        while (await rows.ReadAsync())
        {
            writer.WriteStartObject();
            for (var i = 0; i < names.Length; i++)
            {
                writer.WritePropertyName(names[i]);
                Cells.Write(writer, rows[i], columns[i].Type);
            }

            writer.WriteEndObject();
            writer.Flush();
            writer.Reset();
            gathered.Write("\n"u8);
            count++;
            if (gathered.WrittenCount >= FlushAt)
            {
                await response.BodyWriter.WriteAsync(gathered.WrittenMemory, cancellationToken);
                gathered.ResetWrittenCount();
            }
        }

        await response.BodyWriter.WriteAsync(gathered.WrittenMemory, cancellationToken);
        return count;
    }

    private interface IRowSource : IAsyncDisposable
    {
        string? this[int column] { get; }

        ValueTask<bool> ReadAsync();
    }

    private sealed class AskedRows(IWarehouseResult result, CancellationToken cancellationToken) : IRowSource
    {
        public string? this[int column] => result[column];

        public ValueTask<bool> ReadAsync() => result.ReadAsync(cancellationToken);

        // The result is its maker's.
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class KeptRows(QueryJob job, int columns, CancellationToken cancellationToken) : IRowSource
    {
        private readonly IAsyncEnumerator<ReadOnlyMemory<byte>> _lines = job.Spool.ReadAsync(0, job.Spool.Rows, cancellationToken).GetAsyncEnumerator(cancellationToken);
        private string?[] _cells = [];

        public string? this[int column] => _cells[column];

        public async ValueTask<bool> ReadAsync()
        {
            if (!await _lines.MoveNextAsync())
            {
                return false;
            }

            _cells = Cells.Read(_lines.Current.Span, columns);
            return true;
        }

        public ValueTask DisposeAsync() => _lines.DisposeAsync();
    }
}
