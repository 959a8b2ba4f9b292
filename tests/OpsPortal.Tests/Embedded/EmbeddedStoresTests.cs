using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Health;
using OpsPortal.Core.Shadows;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Embedded;

public sealed class EmbeddedStoresTests
{
    [Fact]
    public async Task One_line_adds_an_adapter_for_every_store_port()
    {
        using var folder = new DataFolder();
        using (var host = NewHost(("Data:Folder", folder.Path)))
        {
            await host.StartAsync();
            foreach (var port in new[]
            {
                typeof(ITelemetryIntake), typeof(ITelemetrySource), typeof(IDeadLetters), typeof(IReadingStore), typeof(IReadingRetention), typeof(ITrainRegistry), typeof(ITrainStore),
                typeof(IAnomalyStore), typeof(IDetectorSnapshots), typeof(IAlertStore), typeof(IStoreChanges), typeof(IDeviceShadows), typeof(IShadowDeltas), typeof(IAuditLog),
            })
            {
                Assert.NotNull(host.Services.GetRequiredService(port));
            }

            await host.Services.GetRequiredService<ITrainRegistry>().RegisterAsync([Samples.Train(Samples.Longsight())], default);
            Assert.All(host.Services.GetServices<IServiceHealth>(), service => Assert.Null(service.Get().Problem));
            await host.StopAsync();
        }

        Assert.True(File.Exists(Path.Combine(folder.Path, "operations.db")));
    }

    [Theory]
    [InlineData("Data:MaxBytes", "5")]
    [InlineData("Data:KeepReadings", "00:00:01")]
    [InlineData("Data:Folder", "")]
    [InlineData("Data:ReadConnections", "0")]
    public async Task A_setting_out_of_range_refuses_to_start_and_is_named(string key, string value)
    {
        using var host = NewHost((key, value));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(key.Split(':')[1], refused.Message, StringComparison.Ordinal);
    }

    private static IHost NewHost(params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddEmbeddedStores(builder.Configuration);
        return builder.Build();
    }
}
