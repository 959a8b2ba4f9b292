using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Embedded.Shadows;

namespace OpsPortal.Tests.Kit.Aws;

/// <summary>
/// The embedded shadow service behind AWS IoT's paths as a process of its own, so that the whole product can be run against it:
/// <c>OpsPortal.Tests.dll shadow-rest --port 8883 --data {folder} [--key id --secret secret] [--region eu-west-2]</c>. Without a key it takes
/// unsigned requests too. Port 0 takes a free one. Says its address, then runs until its input ends or it is stopped.
/// </summary>
internal static class ShadowRestProgram
{
    public const string Name = "shadow-rest";

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var options = args.Skip(1).Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        if (!options.TryGetValue("--port", out var port) || !options.TryGetValue("--data", out var path))
        {
            await Console.Error.WriteLineAsync("shadow-rest --port {number} --data {folder} [--key {id} --secret {secret}] [--region {region}]");
            return 1;
        }

        // The folder stays: a service that is started again goes on where it was.
        var folder = new DataFolder(path);
        var files = folder.Open();
        using var shadows = new EmbeddedDeviceShadows(files, TimeProvider.System, NullLogger<EmbeddedDeviceShadows>.Instance);
        var rest = new ShadowRest(shadows, Check(options));
        await using var peer = await LoopbackPeer.StartAsync(rest.AnswerAsync, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), keep: false);
        await Console.Out.WriteLineAsync($"listening on {peer.Address.AbsoluteUri}");
        while (await Console.In.ReadLineAsync() is not null)
        {
            // Its starter holds the input open.
        }

        files.Dispose();
        return 0;
    }

    private static SignatureCheck? Check(Dictionary<string, string> options)
    {
        if (!options.TryGetValue("--key", out var id))
        {
            return null;
        }

        var key = new KnownKey(id, options.GetValueOrDefault("--secret", ""));
        return new SignatureCheck("iotdata", options.GetValueOrDefault("--region", "us-east-1"), given => given == id ? key : null, TimeProvider.System);
    }
}
