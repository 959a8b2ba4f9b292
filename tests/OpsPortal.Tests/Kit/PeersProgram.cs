using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.Redshift;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Kit;

/// <summary>
/// Real programs in the place of AWS, for the whole product to be run against: <c>OpsPortal.Tests.dll peers --data {folder}</c>. PostgreSQL plays Redshift,
/// OpenStack Swift S3, and the embedded shadow service, behind signed REST, IoT Core. Says the configuration that leads to them, a line a key, then <c>ready</c>,
/// and runs until its input ends or it is stopped. OpenSearch is not among them: nothing that can be installed plays it.
/// </summary>
internal static class PeersProgram
{
    public const string Name = "peers";

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        if (args is not [_, "--data", var path])
        {
            await Console.Error.WriteLineAsync("peers --data {folder}");
            return 1;
        }

        var swift = new SwiftPeer();
        try
        {
            await swift.InitializeAsync();
            await using var warehouse = await RedshiftRig.StartAsync();
            using var folder = new DataFolder(path, deletes: false);
            using var shadows = new Adapters.Embedded.Shadows.EmbeddedDeviceShadows(
                folder.Open(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Adapters.Embedded.Shadows.EmbeddedDeviceShadows>.Instance);
            var key = new KnownKey(SwiftPeer.KeyId, SwiftPeer.Secret);
            var rest = new ShadowRest(shadows, new SignatureCheck("iotdata", SwiftPeer.Region, id => id == key.Id ? key : null, TimeProvider.System));
            await using var iot = await LoopbackPeer.StartAsync(rest.AnswerAsync, keep: false);
            foreach (var (name, value) in await SettingsAsync(swift, warehouse, iot))
            {
                await Console.Out.WriteLineAsync($"{name}={value}");
            }

            await Console.Out.WriteLineAsync("ready");
            while (await Console.In.ReadLineAsync() is not null)
            {
                // Its starter holds the input open.
            }
        }
        finally
        {
            await swift.DisposeAsync();
        }

        return 0;
    }

    private static async Task<List<(string Name, string Value)>> SettingsAsync(SwiftPeer swift, RedshiftRig warehouse, LoopbackPeer iot) =>
    [
        ("AWS_ACCESS_KEY_ID", SwiftPeer.KeyId),
        ("AWS_SECRET_ACCESS_KEY", SwiftPeer.Secret),
        ("AWS_REGION", SwiftPeer.Region),
        ("AWS_ENDPOINT_URL_IOT_DATA_PLANE", iot.Address.AbsoluteUri),
        ("AWS_ENDPOINT_URL_S3", swift.Address.AbsoluteUri),
        ("Adapters__Shadows", "Iot"),
        ("Adapters__RawFiles", "S3"),
        ("S3__Bucket", await swift.MakeBucketAsync()),
        ("Adapters__Warehouse", "Redshift"),
        .. warehouse.PasswordSettings,
    ];
}
