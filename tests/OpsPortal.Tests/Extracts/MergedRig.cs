using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Extracts;

/// <summary>What tests of merged downloads ask of a portal.</summary>
internal static class MergedRig
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks for one of an extract of the trains, in the two hours from the samples' begin.</summary>
    public static async Task<JsonElement> MergeAsync(HttpClient caller, string format, string[] trains, string[]? sensors = null)
    {
        var made = await (await caller.PostAsJsonAsync("/api/extracts", new { trains, from = Samples.Start.ToString("O"), to = Samples.Start.AddHours(2).ToString("O"), sensors })).JsonAsync();
        return await AskAsync(caller, made.Text("id"), format);
    }

    public static async Task<JsonElement> AskAsync(HttpClient caller, string extract, string format)
    {
        var answer = await caller.PostAsJsonAsync($"/api/extracts/{extract}/merged", new { format });
        Assert.True((int)answer.StatusCode == 202, await answer.Content.ReadAsStringAsync());
        var job = await answer.JsonAsync();
        Assert.Equal(Address(job), answer.Headers.Location!.OriginalString);
        return job;
    }

    public static string Address(JsonElement job) => $"/api/extracts/{job.Text("extractId")}/merged/{job.Text("id")}";

    public static async Task<JsonElement> GetAsync(HttpClient caller, JsonElement job) => await (await caller.GetAsync(Address(job))).EnsureSuccessStatusCode().JsonAsync();

    /// <summary>Waits until it is in a state.</summary>
    public static async Task<JsonElement> InAsync(HttpClient caller, JsonElement job, string state)
    {
        var last = job;
        await Eventually.IsTrueAsync($"the merged download is {state}", Patience, async () => (last = await GetAsync(caller, job)).Text("state") == state || last.GetProperty("endedAt").ValueKind != JsonValueKind.Null);
        Assert.True(last.Text("state") == state, last.ToString());
        return last;
    }

    public static async Task<string> TextAsync(HttpClient caller, JsonElement job) => Unpack(await caller.GetByteArrayAsync($"{Address(job)}/file"));

    public static string Unpack(byte[] bytes)
    {
        using var text = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
        return text.ReadToEnd();
    }

    public static IEnumerable<long> Sequences(string ndjson) => ndjson.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sequence").GetInt64());

    /// <summary>Puts files that stop or go away in place of the portal's own.</summary>
    public static void Stop(this IServiceCollection services, StoppedFiles stopped)
    {
        var own = services.Last(service => service.ServiceType == typeof(IRawFiles));
        services.AddSingleton<IRawFiles>(provider => stopped.Over((IRawFiles)(own.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, own.ImplementationType!))));
    }
}

/// <summary>Raw files of which some cannot be read on, or of which the store is away: until told otherwise.</summary>
internal sealed class StoppedFiles : IRawFiles
{
    private IRawFiles _files = null!;
    private int _reading;

    /// <summary>Whether a file's bytes never come.</summary>
    public Func<string, bool> Stops { get; set; } = _ => false;

    public bool IsAway { get; set; }

    /// <summary>Files that are being waited for.</summary>
    public int Reading => Volatile.Read(ref _reading);

    public StoppedFiles Over(IRawFiles files)
    {
        _files = files;
        return this;
    }

    public async Task<RawFileBytes?> OpenAsync(Scope scope, string key, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw new StoreUnavailableException("raw file", "it is away.");
        }

        return await _files.OpenAsync(scope, key, cancellationToken) is { Bytes: { } bytes } opened && Stops(key) ? opened with { Bytes = new Stopped(this, bytes) } : await _files.OpenAsync(scope, key, cancellationToken);
    }

    public Task<RawFilePage> FindAsync(Scope scope, RawFileQuery query, CancellationToken cancellationToken) => _files.FindAsync(scope, query, cancellationToken);

    public Task<RawFile?> GetAsync(Scope scope, string key, CancellationToken cancellationToken) => _files.GetAsync(scope, key, cancellationToken);

    public Task<RawFileState?> GetStateAsync(Scope scope, string key, CancellationToken cancellationToken) => _files.GetStateAsync(scope, key, cancellationToken);

    public Task<RawFileLink?> LinkAsync(Scope scope, string key, CancellationToken cancellationToken) => _files.LinkAsync(scope, key, cancellationToken);

    public Task<RawFileState?> RequestRestoreAsync(Scope scope, string key, RestoreSpeed? speed, CancellationToken cancellationToken) => _files.RequestRestoreAsync(scope, key, speed, cancellationToken);

    private sealed class Stopped(StoppedFiles files, Stream bytes) : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref files._reading);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref files._reading);
            }

            return 0;
        }

        protected override void Dispose(bool disposing)
        {
            bytes.Dispose();
            base.Dispose(disposing);
        }
    }
}
