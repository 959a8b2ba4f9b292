using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Kit.Redshift;

/// <summary>
/// PostgreSQL in the place of Redshift, with two trains in it, for the product to be run against from outside: <c>OpsPortal.Tests.dll warehouse</c>. Says the configuration that leads to
/// it, a line a key, then <c>ready</c>; answers <c>running</c> with the number of queries that the server itself says are running; ends with its input.
/// </summary>
internal static class WarehouseProgram
{
    public const string Name = "warehouse";

    public static async Task<int> RunAsync()
    {
        await using var rig = await RedshiftRig.StartAsync();
        await rig.AddAsync(Contracts.Samples.Longsight(), "a1", Contracts.Samples.Start);
        await rig.AddAsync(Contracts.Samples.Crofton(), "a2", Contracts.Samples.Start);
        // And S3, for the files that Redshift would write there, and for raw files.
        var swift = new SwiftPeer();
        await swift.InitializeAsync();
        await using var unload = new UnloadPeer(rig.Server, swift);
        (string Name, string Value)[] files =
        [
            ("Redshift__Port", $"{unload.Port}"), ("Redshift__Unload__Bucket", await swift.MakeBucketAsync()), ("Redshift__Unload__Role", "default"),
            ("S3__Bucket", await swift.MakeBucketAsync()),
            ("AWS_ENDPOINT_URL_S3", swift.Address.AbsoluteUri), ("AWS_REGION", SwiftPeer.Region), ("AWS_ACCESS_KEY_ID", SwiftPeer.KeyId), ("AWS_SECRET_ACCESS_KEY", SwiftPeer.Secret),
        ];
        foreach (var (name, value) in rig.PasswordSettings.Where(setting => setting.Name != "Redshift__Port").Concat(files))
        {
            await Console.Out.WriteLineAsync($"{name}={value}");
        }

        await Console.Out.WriteLineAsync("ready");
        while (await Console.In.ReadLineAsync() is { } asked)
        {
            await Console.Out.WriteLineAsync(asked == "running" ? $"{await RunningAsync(rig)}" : $"{asked} is not known");
        }

        await swift.DisposeAsync();
        return 0;
    }

    private static Task<object?> RunningAsync(RedshiftRig rig) =>
        rig.Server.AskAsync(rig.Database, $"SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '{rig.Database}' AND state = 'active' AND query LIKE 'WITH RECURSIVE%'");
}
