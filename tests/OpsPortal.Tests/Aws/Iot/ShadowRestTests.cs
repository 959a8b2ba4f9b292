using System.Text.Json.Nodes;
using OpsPortal.Adapters.Aws.Iot;
using OpsPortal.Core.Shadows;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Iot;

/// <summary>The shadow service as a process of its own.</summary>
[Trait("Peer", "Iot")]
public sealed class ShadowRestTests
{
    [Fact]
    public async Task It_keeps_shadows_from_run_to_run_and_checks_signatures()
    {
        using var folder = new DataFolder();
        string[] args = [ShadowRestProgram.Name, "--port", "0", "--data", folder.Path, "--key", ScriptedKeys.Known.Id, "--secret", ScriptedKeys.Known.Secret, "--region", "eu-west-2"];
        await using (var first = ChildProcess.Start(Path.GetTempPath(), [], args))
        {
            var address = AddressIn(await first.ReadAsync());
            using var process = Open(address);
            await process.Get<IDeviceShadows>().UpdateAsync("390-042", "operations", new ShadowChange(new JsonObject { ["a"] = 1 }, null), default);
            using var unsigned = new HttpClient();
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await unsigned.GetAsync($"{address}things/390-042/shadow?name=operations")).StatusCode);
            Assert.Equal(0, await first.EndAsync());
        }

        await using var second = ChildProcess.Start(Path.GetTempPath(), [], args);
        using var again = Open(AddressIn(await second.ReadAsync()));
        Assert.Equal(1, (await again.Get<IDeviceShadows>().GetAsync("390-042", "operations", default))!.Version);
    }

    private static string AddressIn(string said) => said.Replace("listening on ", "", StringComparison.Ordinal);

    private static AwsRig Open(string address) =>
        new(new ScriptedKeys(ScriptedKeys.Lasting), [("Iot:Endpoint", address)], more: (services, configuration) => services.AddIotShadows(configuration));
}
