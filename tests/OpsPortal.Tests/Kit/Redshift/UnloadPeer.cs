using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Amazon.S3.Model;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Kit.Redshift;

/// <summary>
/// Redshift's UNLOAD before a PostgreSQL that has none. All messages go through as they are; an UNLOAD is checked (<see cref="UnloadForm"/>), its query is run on the real server in the same
/// session, and its rows are written as Parquet with a verbose manifest to the S3 server, spread over two slices.
/// </summary>
internal sealed class UnloadPeer : IAsyncDisposable
{
    private readonly PostgresPeer _server;
    private readonly SwiftPeer _s3;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public UnloadPeer(PostgresPeer server, SwiftPeer s3)
    {
        (_server, _s3) = (server, s3);
        _certificate = X509Certificate2.CreateFromPemFile(server.CertificateFile, server.KeyFile);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What the server says of the role, instead of writing: its state and its words.</summary>
    public (string State, string Words)? Refusal { get; set; }

    /// <summary>What was asked for, in order.</summary>
    public List<UnloadForm> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            client.NoDelay = true;
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var (near, first) = await PostgresWire.AcceptAsync(client.GetStream(), SecureAsync, _stop.Token);
                await using var far = await PostgresWire.ConnectAsync(_server.Port, _stop.Token);
                await PostgresWire.WriteFirstAsync(far, first, _stop.Token);
                if (BinaryPrimitives.ReadInt32BigEndian(first) != PostgresWire.CancelRequest)
                {
                    await new Session(this, near, far).RunAsync(_stop.Token);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One of them has gone, and the other goes with it.
            }
        }
    }

    private async Task<Stream> SecureAsync(Stream plain)
    {
        var secured = new SslStream(plain);
        await secured.AuthenticateAsServerAsync(_certificate);
        return secured;
    }

    private sealed class Session(UnloadPeer peer, Stream near, Stream far)
    {
        // The server's answers while an UNLOAD runs; what is not taken waits.
        private volatile Channel<WireMessage>? _answers;

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var (asking, answering) = (AskAsync(ends.Token), AnswerAsync(ends.Token));
            await await Task.WhenAny(asking, answering);
            await ends.CancelAsync();
        }

        private async Task AskAsync(CancellationToken cancellationToken)
        {
            while (await PostgresWire.ReadAsync(near, cancellationToken) is { Type: not 'X' } message)
            {
                var text = message.Type == 'P' ? Encoding.UTF8.GetString(message.Body).Split('\0')[1] : "";
                if (!UnloadForm.IsOne(text))
                {
                    await PostgresWire.WriteAsync(far, cancellationToken, message);
                    continue;
                }

                while ((await PostgresWire.ReadAsync(near, cancellationToken)).Type != 'S')
                {
                    // Bind, describe and execute of this statement: it has no parameters and no rows.
                }

                await UnloadAsync(text, cancellationToken);
            }
        }

        private async Task AnswerAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                var message = await PostgresWire.ReadAsync(far, cancellationToken);
                await (_answers is { } answers ? answers.Writer.WriteAsync(message, cancellationToken).AsTask() : PostgresWire.WriteAsync(near, cancellationToken, message));
            }
        }

        private async Task UnloadAsync(string text, CancellationToken cancellationToken)
        {
            var (form, wrong) = UnloadForm.Read(text);
            // A statement that fails on the real server too: its transaction must know of the failure.
            var refusal = wrong is not null ? ("42601", wrong) : peer.Refusal ?? await NotEmptyAsync(form!);
            _answers = Channel.CreateBounded<WireMessage>(256);
            await PostgresWire.WriteAsync(far, cancellationToken, Ask(refusal is null ? form!.Query : "SELECT 1/0"));
            var (columns, rows, done, failure, ready) = (new List<(string Name, int Type)>(), new List<string?[]>(), false, (WireMessage?)null, (WireMessage?)null);
            while (ready is null)
            {
                var answer = await _answers.Reader.ReadAsync(cancellationToken);
                switch (answer.Type)
                {
                    case 'T':
                        columns = Columns(answer.Body);
                        break;
                    case 'D':
                        rows.Add(Row(answer.Body));
                        break;
                    case 'C':
                        done = true;
                        break;
                    case 'E':
                        failure = answer;
                        break;
                    case 'Z':
                        ready = answer;
                        break;
                }
            }

            _answers = null;
            if (done)
            {
                peer.Asked.Add(form!);
                await WriteAsync(form!, columns, rows);
                await PostgresWire.WriteAsync(near, cancellationToken, new WireMessage('1', []), new WireMessage('2', []), new WireMessage('n', []), new WireMessage('C', "UNLOAD\0"u8.ToArray()), ready);
                return;
            }

            await PostgresWire.WriteAsync(near, cancellationToken, refusal is { } said ? PostgresWire.Error(said.Item1, said.Item2) : failure!, ready);
        }

        // Without ALLOWOVERWRITE nothing may be there yet.
        private async Task<(string, string)?> NotEmptyAsync(UnloadForm form)
        {
            var found = await peer._s3.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = form.Bucket, Prefix = form.Prefix });
            return found.S3Objects is { Count: > 0 } && !form.Options.Contains("ALLOWOVERWRITE") ? ("XX000", "Specified unload destination on S3 is not empty.") : null;
        }

        private async Task WriteAsync(UnloadForm form, List<(string Name, int Type)> columns, List<string?[]> rows)
        {
            var entries = new List<object>();
            foreach (var (slice, number) in rows.Select((row, i) => (row, i)).GroupBy(pair => pair.i % 2).Select(group => (group.Select(pair => pair.row).ToList(), group.Key)))
            {
                var bytes = await Parquet.WriteAsync([.. columns.Select((column, i) => new ParquetColumn(column.Name, TypeOf(column.Type), [.. slice.Select(row => row[i])]))]);
                var key = $"{form.Prefix}{number:0000}_part_00.parquet";
                await PutAsync(form.Bucket, key, bytes);
                entries.Add(new { url = $"s3://{form.Bucket}/{key}", meta = new { content_length = bytes.Length, record_count = slice.Count } });
            }

            var schema = new { elements = columns.Select(column => new { name = column.Name, type = new { @base = TypeOf(column.Type) } }) };
            await PutAsync(form.Bucket, $"{form.Prefix}manifest", JsonSerializer.SerializeToUtf8Bytes(new { entries, schema, meta = new { record_count = rows.Count }, author = new { name = "Amazon Redshift", version = "1.0.0" } }));
        }

        private async Task PutAsync(string bucket, string key, byte[] bytes)
        {
            using var body = new MemoryStream(bytes);
            await peer._s3.Client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, InputStream = body, UseChunkEncoding = false, AutoCloseStream = false });
        }

        private static WireMessage[] Ask(string query) =>
        [
            new('P', [0, .. Encoding.UTF8.GetBytes(query), 0, 0, 0]), new('B', [0, 0, 0, 0, 0, 0, 0, 0]), new('D', [(byte)'P', 0]), new('E', [0, 0, 0, 0, 0]), new('S', []),
        ];

        private static List<(string Name, int Type)> Columns(byte[] body)
        {
            var (columns, at) = (new List<(string, int)>(), 2);
            for (var i = BinaryPrimitives.ReadInt16BigEndian(body); i > 0; i--)
            {
                var end = Array.IndexOf(body, (byte)0, at);
                columns.Add((Encoding.UTF8.GetString(body, at, end - at), BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(end + 7))));
                at = end + 19;
            }

            return columns;
        }

        private static string?[] Row(byte[] body)
        {
            var (row, at) = (new string?[BinaryPrimitives.ReadInt16BigEndian(body)], 2);
            for (var i = 0; i < row.Length; i++)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at));
                row[i] = length < 0 ? null : Encoding.UTF8.GetString(body, at + 4, length);
                at += 4 + Math.Max(0, length);
            }

            return row;
        }

        private static string TypeOf(int type) => type switch { 16 => "BOOLEAN", 20 or 21 or 23 => "INT64", 700 or 701 => "DOUBLE", _ => "STRING" };
    }
}
