using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Tests.Kit.Aws;

/// <summary>
/// Reads keys from the credential chain as a process with an environment of its own does: <c>OpsPortal.Tests.dll read-keys [profile]</c>. Says one
/// line for its first reading, and one more for a fresh reading at every line it is given.
/// </summary>
internal static class ReadKeysProgram
{
    public const string Name = "read-keys";

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var source = new ChainCredentials(Options.Create(new AwsOptions { Profile = args.ElementAtOrDefault(1) }));
        await SayAsync(source, fresh: false);
        while (await Console.In.ReadLineAsync() is not null)
        {
            await SayAsync(source, fresh: true);
        }

        return 0;
    }

    private static async Task SayAsync(ChainCredentials source, bool fresh)
    {
        try
        {
            var keys = await source.ReadAsync(fresh, default);
            await Console.Out.WriteLineAsync($"{keys.AccessKeyId} {keys.SecretKey} {keys.SessionToken ?? "-"} {keys.ExpiresAt?.ToString("u") ?? "-"}");
        }
        catch (Exception e)
        {
            await Console.Out.WriteLineAsync($"none: {e.Message.ReplaceLineEndings(" ")}");
        }
    }
}
