using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Audit;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;

namespace OpsPortal.Tests.Host;

/// <summary>The portal in this process, on a data folder of its own, without the detector and the trains.</summary>
public sealed class PortalHost : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opsportal-host-").FullName;
    private readonly WebApplicationFactory<Program> _factory;

    /// <param name="settings">Configuration, key and value.</param>
    public PortalHost(params (string Key, string Value)[] settings)
        : this(_ => { }, settings)
    {
    }

    /// <param name="replace">Puts services in place of the program's own.</param>
    public PortalHost(Action<IServiceCollection> replace, params (string Key, string Value)[] settings) =>
        _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSolutionRelativeContentRoot(".");
            host.UseSetting("Data:Folder", _folder);
            host.UseSetting("Parts", "Portal");
            host.UseSetting("Logging:LogLevel:Default", "Warning");
            // What tests put in is as old as their samples, and older every day.
            host.UseSetting("Data:KeepReadings", "3650.00:00:00");
            host.UseSetting("Data:KeepWarehouse", "3650.00:00:00");
            foreach (var (key, value) in settings)
            {
                host.UseSetting(key, value);
            }

            host.ConfigureTestServices(services =>
            {
                services.AddSingleton<IAuditLog>(Audit);
                services.WatchAudit();
                replace(services);
            });
        });

    /// <summary>The same behind the real server on a free port of loopback: for what a client library or a test server would put right.</summary>
    public static PortalHost OnKestrel(params (string Key, string Value)[] settings)
    {
        // An address of its own: several may run at the same time.
        var host = new PortalHost([.. settings, ("Urls", "http://127.0.0.1:0")]);
        host._factory.UseKestrel();
        host._factory.StartServer();
        return host;
    }

    /// <summary>Where the real server listens.</summary>
    public Uri Address => new(_factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    internal AuditMemory Audit { get; } = new();

    public IServiceProvider Services => _factory.Services;

    /// <summary>Opens a WebSocket on the portal.</summary>
    public Task<WebSocket> OpenSocketAsync(string path, string token, params (string Name, string Value)[] headers)
    {
        var client = _factory.Server.CreateWebSocketClient();
        client.ConfigureRequest = request =>
        {
            request.Headers.Authorization = $"Bearer {token}";
            foreach (var (name, value) in headers)
            {
                request.Headers[name] = value;
            }
        };
        return client.ConnectAsync(new Uri($"wss://localhost{path}"), CancellationToken.None);
    }

    /// <summary>A caller who follows no redirects. The address is https because test clients keep the Secure cookie for https only.</summary>
    public HttpClient Caller(bool cookies = false) =>
        _factory.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri("https://localhost"), AllowAutoRedirect = false, HandleCookies = cookies });

    /// <summary>A caller signed in by token.</summary>
    public async Task<HttpClient> SignedInAsync(string persona = "operator", string name = "Operator One")
    {
        var caller = Caller();
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(persona, name));
        return caller;
    }

    /// <summary>A caller with a session of any user, also of one that no persona is: with a scope, with other roles.</summary>
    public async Task<HttpClient> SignedInAsync(User user)
    {
        var caller = Caller();
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await SessionOfAsync(user));
        return caller;
    }

    /// <summary>A session's id.</summary>
    public async Task<string> SessionOfAsync(User user)
    {
        var (id, now) = (SessionId.New(), TimeProvider.System.GetUtcNow());
        await Services.GetRequiredService<ISessionStore>().KeepAsync(id, new Session(user, now, now.AddHours(1)), CancellationToken.None);
        return id;
    }

    public async Task<string> TokenAsync(string persona = "operator", string name = "Operator One")
    {
        var answer = await Caller().PostAsJsonAsync("/sign-in/persona", new { persona, name });
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }

    public void Dispose()
    {
        _factory.Dispose();
        // A reader that was just cut off may still close its file.
        for (var tried = 1; ; tried++)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
                return;
            }
            catch (IOException) when (tried < 5)
            {
                SpinWait.SpinUntil(() => false, 200);
            }
        }
    }
}

/// <summary>An audit log that tests can look into, and break.</summary>
internal sealed class AuditMemory : IAuditLog
{
    private readonly Lock _lock = new();
    private readonly List<AuditEntry> _entries = [];
    private readonly List<AuditRow> _rows = [];

    public bool IsBroken { get; set; }

    /// <summary>Breaks after so many rows more of acknowledgements (of what trains are told by and by there are others); null: not by itself.</summary>
    public int? BreaksAfter { get; set; }

    /// <summary>How long a row takes, as on a disk.</summary>
    public TimeSpan Takes { get; set; }

    public IReadOnlyList<AuditEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    public Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken) => Takes == TimeSpan.Zero ? AddAsync(entry) : AddLaterAsync(entry, cancellationToken);

    private async Task AddLaterAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        await Task.Delay(Takes, cancellationToken);
        await AddAsync(entry);
    }

    private Task AddAsync(AuditEntry entry)
    {
        lock (_lock)
        {
            if (entry.Act == "acknowledge" && BreaksAfter is { } left)
            {
                (BreaksAfter, IsBroken) = (left - 1, IsBroken || left == 0);
            }

            if (IsBroken)
            {
                throw new Core.Health.StoreUnavailableException("operations", "the disk is full");
            }

            var clean = AuditChain.AsKept(entry);
            _entries.Add(entry);
            _rows.Add(new AuditRow(_rows.Count + 1, clean, AuditChain.Hash(_rows is [.., var last] ? last.Hash : AuditChain.Start, _rows.Count + 1, clean)));
            return Task.CompletedTask;
        }
    }

    public IAsyncEnumerable<AuditRow> ReadAsync(long after, long limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _rows.Where(row => row.Number > after).Take((int)Math.Min(limit, int.MaxValue)).ToArray().ToAsyncEnumerable();
        }
    }

    public Task<IReadOnlyList<AuditRow>> FindAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<AuditRow>>([.. _rows.Where(row => query.Includes(row.Entry) && row.Number < (query.Before ?? long.MaxValue)).Reverse().Take(query.Limit)]);
        }
    }
}

internal static class Answers
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer) => JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());

    /// <summary>Asserts status and problem details, and gives the errors by field.</summary>
    public static async Task<Dictionary<string, string[]>> ProblemAsync(this HttpResponseMessage answer, int status)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.JsonAsync();
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        return problem.GetProperty("errors").Deserialize<Dictionary<string, string[]>>()!;
    }
}
