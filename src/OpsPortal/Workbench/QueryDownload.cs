using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;
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
/// A whole result as a file, row by row: from what is kept when that is all, else by asking the warehouse again. What breaks in the middle breaks the connection too, so
/// that nobody takes a part for the whole.
/// </summary>
internal sealed class QueryDownload(IWarehouse warehouse, QueryAudit audit, ILogger<QueryDownload> logger)
{
    private const int FlushAt = 64 * 1024;

    /// <summary>Writes the answer. The place is given back at the end.</summary>
    public async Task WriteAsync(HttpContext context, QueryJob job, User user, RowFormat format, long mostRows, IDisposable? place)
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
                await using var result = asksAgain ? await warehouse.RunAsync(user, job.Query with { Rows = mostRows }, ends.Token) : null;
                Head(context.Response, job, format, asksAgain ? mostRows : null);
                var columns = result?.Columns ?? job.Progress.Columns ?? [];
                rows = await WriteRowsAsync(context.Response, format, columns, result is null ? Kept(job, columns.Count, ends.Token) : Asked(result, ends.Token), ends.Token);
                outcome = "ok";
            }
            catch (Exception e) when (context.Response.HasStarted)
            {
                logger.DownloadBrokeOff(job.Id, e.Message);
                context.Abort();
            }
            finally
            {
                await audit.DownloadEndedAsync(job, user, rows, outcome, trace);
            }
        }
    }

    private static void Head(HttpResponse response, QueryJob job, RowFormat format, long? most)
    {
        var limit = most is { } rows ? string.Create(CultureInfo.InvariantCulture, $"-at-most-{rows}-rows") : "";
        response.ContentType = format == RowFormat.Csv ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8";
        response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"query-{job.AskedAt.UtcDateTime:yyyyMMdd-HHmmss}-{job.Id[..6]}{limit}.{(format == RowFormat.Csv ? "csv" : "ndjson")}\"");
    }

    private static async IAsyncEnumerable<Func<int, string?>> Kept(QueryJob job, int columns, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in job.Spool.ReadAsync(0, job.Spool.Rows, cancellationToken))
        {
            var cells = Cells.Read(line.Span, columns);
            yield return column => cells[column];
        }
    }

    private static async IAsyncEnumerable<Func<int, string?>> Asked(IWarehouseResult result, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? Cell(int column) => result[column];
        Func<int, string?> cell = Cell;
        while (await result.ReadAsync(cancellationToken))
        {
            yield return cell;
        }
    }

    private static Task<long> WriteRowsAsync(HttpResponse response, RowFormat format, IReadOnlyList<WarehouseColumn> columns, IAsyncEnumerable<Func<int, string?>> rows, CancellationToken cancellationToken) =>
        format == RowFormat.Csv ? WriteCsvAsync(response, columns, rows, cancellationToken) : WriteNdjsonAsync(response, columns, rows, cancellationToken);

    private static async Task<long> WriteCsvAsync(HttpResponse response, IReadOnlyList<WarehouseColumn> columns, IAsyncEnumerable<Func<int, string?>> rows, CancellationToken cancellationToken)
    {
        // A text is gathered, and sent from time to time: the response waits for a slow reader, and the query with it.
        using var text = new StringWriter(new StringBuilder(FlushAt + 4_096), CultureInfo.InvariantCulture);
        var (names, count) = (columns.Select(column => column.Name).ToArray(), 0L);
        Row(text, names.Length, column => names[column]);
        await foreach (var cell in rows.WithCancellation(cancellationToken))
        {
            Row(text, names.Length, cell);
            count++;
            if (text.GetStringBuilder().Length >= FlushAt)
            {
                await SendAsync(response, text.GetStringBuilder(), cancellationToken);
            }
        }

        await SendAsync(response, text.GetStringBuilder(), cancellationToken);
        return count;
    }

    private static void Row(StringWriter text, int columns, Func<int, string?> cell)
    {
        for (var i = 0; i < columns; i++)
        {
            if (i > 0)
            {
                text.Write(',');
            }

            Cells.WriteCsv(text, cell(i));
        }

        text.Write("\r\n");
    }

    private static async Task SendAsync(HttpResponse response, StringBuilder text, CancellationToken cancellationToken)
    {
        foreach (var chunk in text.GetChunks())
        {
            Encoding.UTF8.GetBytes(chunk.Span, response.BodyWriter);
        }

        text.Clear();
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private static async Task<long> WriteNdjsonAsync(HttpResponse response, IReadOnlyList<WarehouseColumn> columns, IAsyncEnumerable<Func<int, string?>> rows, CancellationToken cancellationToken)
    {
        var names = Cells.Names(columns).Select(name => JsonEncodedText.Encode(name)).ToArray();
        using var writer = new Utf8JsonWriter((IBufferWriter<byte>)response.BodyWriter, new JsonWriterOptions { SkipValidation = true });
        var (count, unsent) = (0L, 0L);
        await foreach (var cell in rows.WithCancellation(cancellationToken))
        {
            writer.WriteStartObject();
            for (var i = 0; i < names.Length; i++)
            {
                writer.WritePropertyName(names[i]);
                Cells.Write(writer, cell(i), columns[i].Type);
            }

            writer.WriteEndObject();
            writer.Flush();
            unsent += writer.BytesCommitted + 1;
            writer.Reset();
            response.BodyWriter.Write("\n"u8);
            count++;
            if (unsent >= FlushAt)
            {
                unsent = 0;
                await response.BodyWriter.FlushAsync(cancellationToken);
            }
        }

        await response.BodyWriter.FlushAsync(cancellationToken);
        return count;
    }
}
