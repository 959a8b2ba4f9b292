using System.Net;
using Npgsql;
using OpsPortal.Adapters.Aws.Redshift;
using OpsPortal.Core.Fleet;
using OpsPortal.Tests.Access;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Kit.Redshift;

/// <summary>A database on PostgreSQL, Redshift's calls for credentials on the loopback (they make the database users, as Redshift does), and the product's processes that use both.</summary>
internal sealed class RedshiftRig : IAsyncDisposable
{
    private readonly List<AwsRig> _processes = [];
    private LoopbackPeer _api = null!;

    public PostgresPeer Server { get; private set; } = null!;

    public string Database { get; private set; } = null!;

    /// <summary>The way to the database, where its server is the tests' own.</summary>
    public TcpFaultProxy Proxy { get; private set; } = null!;

    /// <summary>Answers instead of credentials, while there are any.</summary>
    public Queue<PeerAnswer> Refusals { get; } = new();

    /// <summary>Whether credentials are those of a user that the database does not know: AutoCreate is off.</summary>
    public bool KnowsNobody { get; set; }

    /// <summary>By which calls for credentials must be signed.</summary>
    public KnownKey Key { get; init; } = ScriptedKeys.Known;

    /// <summary>How long credentials hold.</summary>
    public TimeSpan Lasts { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Calls for credentials so far.</summary>
    public IReadOnlyList<ReceivedRequest> Asked => _api.Received;

    /// <summary>Awaited before credentials are given.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public TimeProvider Time { get; private init; } = TimeProvider.System;

    /// <param name="key">By which calls for credentials must be signed.</param>
    public static async Task<RedshiftRig> StartAsync(TimeProvider? time = null, KnownKey? key = null) =>
        await StartAsync(await PostgresPeer.GetAsync(), time, key);

    /// <summary>For tests of the contract: on the server that the environment names, where it names one.</summary>
    public static async Task<RedshiftRig> StartForContractAsync() => await StartAsync(await PostgresPeer.GetForContractAsync(), null, null);

    private static async Task<RedshiftRig> StartAsync(PostgresPeer server, TimeProvider? time, KnownKey? key)
    {
        var rig = new RedshiftRig { Time = time ?? TimeProvider.System, Key = key ?? ScriptedKeys.Known, Server = server };
        rig.Database = await rig.Server.MakeDatabaseAsync();
        rig.Proxy = new TcpFaultProxy(new IPEndPoint(IPAddress.Loopback, rig.Server.Port));
        rig._api = await LoopbackPeer.StartAsync(rig.AnswerAsync);
        return rig;
    }

    /// <summary>Configuration of a process with a database user for every operator.</summary>
    public IReadOnlyList<(string Key, string Value)> Settings =>
        [
            ("Redshift:Host", Server.Host),
            ("Redshift:Port", $"{(Server.IsOwn ? Proxy.Port : Server.Port)}"),
            ("Redshift:Database", Database),
            ("Redshift:Cluster", "fleet"),
            ("Redshift:CaFile", Server.CaFile ?? ""),
            ("Redshift:Tls", Server.IsPlain ? "None" : "VerifyFull"),
            ("Redshift:Endpoint", _api.Address.AbsoluteUri),
            ("Redshift:Groups:Engineer", "ops_engineers"),
        ];

    /// <summary>A process of the product.</summary>
    public AwsRig Open(params (string Key, string Value)[] settings)
    {
        var process = new AwsRig(
            new ScriptedKeys(ScriptedKeys.Lasting),
            [.. Settings, .. settings],
            Time,
            (services, configuration) => services.AddRedshiftWarehouse(configuration));
        _processes.Add(process);
        return process;
    }

    /// <summary>A train with one row in every table, as COPY would bring them.</summary>
    public Task AddAsync(TrainIdentity train, string id, DateTimeOffset at)
    {
        var time = at.ToString("yyyy-MM-dd HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);
        return Server.RunAsync(Database, $"""
            INSERT INTO opsportal.trains SELECT '{train.Id}', '{train.Id.Replace('-', ' ')}', '{train.Depot}', '{train.Line}', '{train.Class}', 9, '{time}'
                WHERE NOT EXISTS (SELECT 1 FROM opsportal.trains WHERE train = '{train.Id}');
            INSERT INTO opsportal.readings_minute VALUES (date_trunc('minute', TIMESTAMP '{time}'), '{train.Id}', '{train.Depot}', '{train.Line}', '{train.Class}', 'axleBoxTemperature.car3.axle2.right', 10, 60, 61.5, 63, false);
            INSERT INTO opsportal.anomalies VALUES ('{id}', '{train.Id}', '{train.Depot}', '{train.Line}', '{train.Class}', 'axleBox', '{time}', '{time}', NULL, false, 0.93, 3.1,
                'axleBoxTemperature.car3.axle2.right', 0.71, 'high', 78.2, NULL, '°C', NULL, NULL, NULL);
            INSERT INTO opsportal.alerts VALUES ('{id}', '{train.Id}', '{train.Depot}', '{train.Line}', '{train.Class}', 'axleBox', 'critical', 'A', 'unacknowledged', '{time}', '{time}', NULL, 1,
                'Axle box 3-2 78 °C, expected 61', NULL, NULL, NULL);
            """);
    }

    /// <summary>A generated fleet, as COPY would bring it: trains and alerts where they are now, facts and minutes where they were measured.</summary>
    public async Task AddAsync(ScopeWorld world)
    {
        await using var connection = await Server.OpenAsync(Database);
        await using var batch = new NpgsqlBatch(connection);
        void Add(string text, params object[] values)
        {
            var command = new NpgsqlBatchCommand(text);
            command.Parameters.AddRange(values.Select(value => new NpgsqlParameter { Value = value }).ToArray());
            batch.BatchCommands.Add(command);
        }

        foreach (var train in world.Present)
        {
            Add("INSERT INTO opsportal.trains (train, depot, line, class) VALUES ($1, $2, $3, $4)", train.Id, train.Depot, train.Line, train.Class);
            Add(
                "INSERT INTO opsportal.alerts (id, train, depot, line, class, subsystem, severity, state, raised_at, last_anomaly_at, anomalies) VALUES ($1, $2, $3, $4, $5, 'axleBox', 'critical', 'unacknowledged', TIMESTAMP '2026-11-21 20:00:00', TIMESTAMP '2026-11-21 20:00:00', 1)",
                ScopeWorld.AlertOf(train), train.Id, train.Depot, train.Line, train.Class);
        }

        foreach (var (train, i) in world.Ever.Select((train, i) => (train, i)))
        {
            Add(
                "INSERT INTO opsportal.anomalies (id, train, depot, line, class, subsystem, measured_at, received_at, late, grade, score) VALUES ($1, $2, $3, $4, $5, 'axleBox', TIMESTAMP '2026-11-21 20:00:00', TIMESTAMP '2026-11-21 20:00:00', false, 1, 1)",
                ScopeWorld.AnomalyOf(train, i), train.Id, train.Depot, train.Line, train.Class);
        }

        foreach (var train in world.Ever.Distinct())
        {
            Add("INSERT INTO opsportal.readings_minute VALUES (TIMESTAMP '2026-11-21 20:00:00', $1, $2, $3, $4, 'oilTemperature.car1.axle1', 1, 1, 1, 1, false)", train.Id, train.Depot, train.Line, train.Class);
        }

        await batch.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await Proxy.DisposeAsync();
        await _api.DisposeAsync();
        await Server.RunAsync("postgres", $"DROP DATABASE {Database} WITH (FORCE)");
    }

    private async Task<PeerAnswer> AnswerAsync(ReceivedRequest request, CancellationToken cancellationToken)
    {
        await Before();
        if (Refusals.TryDequeue(out var refusal))
        {
            return refusal;
        }

        return request.Header("X-Amz-Target") == "RedshiftServerless.GetCredentials"
            ? Signed("redshift-serverless").Refuse(request) ?? OfWorkgroup()
            : Signed("redshift").Refuse(request) ?? await OfClusterAsync(request);
    }

    private SignatureCheck Signed(string service) => new(service, "eu-west-2", id => id == Key.Id ? Key : null, Time);

    private async Task<PeerAnswer> OfClusterAsync(ReceivedRequest request)
    {
        var form = request.Text.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')));
        Assert.Equal(("GetClusterCredentials", "2012-12-01", "fleet", Database), (form["Action"], form["Version"], form["ClusterIdentifier"], form["DbName"]));
        var password = KnowsNobody ? "none" : await Server.MakeUserAsync(form["DbUser"], form.GetValueOrDefault("DbGroups.DbGroup.1"));
        return new PeerAnswer(200, $"""
            <GetClusterCredentialsResponse xmlns="http://redshift.amazonaws.com/doc/2012-12-01/"><GetClusterCredentialsResult>
            <DbUser>{form["DbUser"]}</DbUser><DbPassword>{password}</DbPassword><Expiration>{Time.GetUtcNow() + Lasts:yyyy-MM-ddTHH:mm:ss.fffZ}</Expiration>
            </GetClusterCredentialsResult></GetClusterCredentialsResponse>
            """) { ContentType = "text/xml" };
    }

    private PeerAnswer OfWorkgroup() =>
        new(200, $$"""{"dbUser":"opsportal_portal","dbPassword":"{{Server.PortalPassword}}","expiration":{{(Time.GetUtcNow() + Lasts).ToUnixTimeSeconds()}}}""");

    /// <summary>Environment of a process that signs in with user and password, without any way between.</summary>
    public IReadOnlyList<(string Name, string Value)> PasswordSettings =>
        [
            ("Redshift__Host", Server.Host),
            ("Redshift__Port", $"{Server.Port}"),
            ("Redshift__Database", Database),
            ("Redshift__Login", "Password"),
            ("Redshift__User", "opsportal_portal"),
            ("Redshift__Password", Server.PortalPassword),
            ("Redshift__CaFile", Server.CaFile ?? ""),
            ("Redshift__Tls", Server.IsPlain ? "None" : "VerifyFull"),
        ];
}
