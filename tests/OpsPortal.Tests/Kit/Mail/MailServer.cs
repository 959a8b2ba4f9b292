using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OpsPortal.Tests.Kit.Mail;

/// <summary>npm's <c>smtp-server</c> on loopback, as a process of node. Killed at the end.</summary>
public sealed class MailServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<ReceivedMail> _mails = new();
    private readonly ConcurrentQueue<string> _answers = new();
    private readonly Process _process;

    private MailServer(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Port { get; private set; }

    /// <summary>What came, oldest first.</summary>
    public IReadOnlyList<ReceivedMail> Mails => [.. _mails];

    /// <param name="settings">cert, key, user, password; null where there is none.</param>
    public static async Task<MailServer> StartAsync(object? settings = null)
    {
        var script = Path.Combine(RunningProduct.Root, "tests", "OpsPortal.Tests", "Kit", "Mail", "server.mjs");
        var server = new MailServer(Process.Start(
            new ProcessStartInfo("node", [script, JsonSerializer.Serialize(settings ?? new { })]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!);
        server.Port = int.Parse((await server.AnswerAsync())["listening ".Length..]);
        return server;
    }

    /// <summary>From now on it does that: accept, refuse CODE, refuse-address CODE, silence.</summary>
    public async Task DoesAsync(string what)
    {
        await _process.StandardInput.WriteLineAsync(what);
        Assert.Equal("ok", await AnswerAsync());
    }

    /// <summary>Waits for so many mails.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> MailsAsync(int count)
    {
        await Eventually.IsTrueAsync($"{count} mails", Patience, () => Task.FromResult(_mails.Count >= count));
        return Mails;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private Task<string> AnswerAsync() => Eventually.GetAsync("an answer of the mail server", Patience, () => Task.FromResult(_answers.TryDequeue(out var answer) ? answer : null));

    private void Take(string? line)
    {
        if (line?.StartsWith('{') == true)
        {
            _mails.Enqueue(ReceivedMail.Of(JsonDocument.Parse(line).RootElement));
        }
        else if (line is not null)
        {
            _answers.Enqueue(line);
        }
    }
}

/// <summary>A mail as it came, read the plain way: this is MIME (RFC 2045, 2047) by hand, as far as these mails go.</summary>
public sealed partial record ReceivedMail(string From, IReadOnlyList<string> To, bool IsProtected, string? User, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<(string Type, string Text)> Parts)
{
    public string Subject => Decoded(Headers["subject"]);

    public string Text => Part("text/plain");

    public string Html => Part("text/html");

    public string Csv => Part("text/csv");

    public static ReceivedMail Of(JsonElement line)
    {
        var raw = Encoding.UTF8.GetString(Convert.FromBase64String(line.GetProperty("raw").GetString()!));
        var (headers, body) = Split(raw);
        return new ReceivedMail(
            line.GetProperty("from").GetString()!, [.. line.GetProperty("to").EnumerateArray().Select(one => one.GetString()!)], line.GetProperty("isProtected").GetBoolean(),
            line.GetProperty("user").GetString(), headers, [.. PartsOf(headers, body)]);
    }

    private string Part(string type) => Parts.Single(part => part.Type == type).Text;

    private static IEnumerable<(string Type, string Text)> PartsOf(IReadOnlyDictionary<string, string> headers, string body)
    {
        var type = headers.GetValueOrDefault("content-type", "text/plain");
        if (!type.StartsWith("multipart/", StringComparison.Ordinal))
        {
            return [(type.Split(';')[0], headers.GetValueOrDefault("content-transfer-encoding") == "base64" ? Encoding.UTF8.GetString(Convert.FromBase64String(body)) : body)];
        }

        var boundary = Boundary().Match(type).Groups["boundary"].Value;
        return body.Split($"--{boundary}")[1..^1].SelectMany(part =>
        {
            var (partHeaders, partBody) = Split(part.TrimStart('\r', '\n'));
            return PartsOf(partHeaders, partBody);
        });
    }

    private static (IReadOnlyDictionary<string, string> Headers, string Body) Split(string raw)
    {
        var end = raw.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var unfolded = Fold().Replace(raw[..end], " ");
        return (unfolded.Split("\r\n").Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1].Trim()), raw[(end + 4)..]);
    }

    private static string Decoded(string text) =>
        Word().Replace(BetweenWords().Replace(text, "$1$2"), word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups["text"].Value)));

    [GeneratedRegex("boundary=\"?(?<boundary>[^\";]+)")]
    private static partial Regex Boundary();

    [GeneratedRegex("\r\n[ \t]+")]
    private static partial Regex Fold();

    [GeneratedRegex(@"=\?utf-8\?B\?(?<text>[^?]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex Word();

    [GeneratedRegex(@"(\?=)\s+(=\?)")]
    private static partial Regex BetweenWords();
}
