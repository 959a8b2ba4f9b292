using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Shadows;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Shadows;

public sealed class ShadowDeliveryTests : IAsyncLifetime
{
    private readonly EmbeddedHouse _house = new(TimeProvider.System);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _house.DisposeAsync();

    [Fact]
    [Trait("Fault", "FLT-20")]
    public async Task A_train_whose_shadow_does_not_answer_holds_no_other_train_up()
    {
        var service = new DeafTo("mute", _house.Get<IDeviceShadows>());
        var telling = new TrainTelling(service, _house.Get<IAlertStore>(), _house.Get<ITrainStore>(), _house.Get<AlertBook>(), new TellingRecord(_house.Get<IAuditLog>(), TimeProvider.System));
        using var delivery = new ShadowDelivery(_house.Get<IStoreChanges>(), _house.Get<IAlertStore>(), telling, TimeProvider.System, NullLogger<ShadowDelivery>.Instance);
        await AcknowledgeAsync("al-0", "mute");
        await delivery.StartAsync(default);
        await service.Asked.WaitAsync(TimeSpan.FromSeconds(20));

        for (var i = 1; i <= 20; i++)
        {
            await AcknowledgeAsync($"al-{i}", $"390-0{i:00}");
        }

        for (var i = 1; i <= 20; i++)
        {
            var train = $"390-0{i:00}";
            await Eventually.IsTrueAsync($"{train} is told", TimeSpan.FromSeconds(20), async () => await _house.Get<IDeviceShadows>().GetAsync(train, OperationsShadow.Name, default) is not null);
        }

        Assert.Null(await _house.Get<IDeviceShadows>().GetAsync("mute", OperationsShadow.Name, default));
        await delivery.StopAsync(default);
    }

    private async Task AcknowledgeAsync(string alert, string train)
    {
        await _house.Get<AlertBook>().TakeAsync(Examples.Change(alert, 1, trainId: train), default);
        await _house.Get<AlertBook>().AcknowledgeAsync(Examples.Operator, alert, "seen", null, default);
    }

    /// <summary>The service, but that it never answers for one train.</summary>
    private sealed class DeafTo(string train, IDeviceShadows service) : IDeviceShadows
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public async Task<DeviceShadow?> GetAsync(string trainId, string name, CancellationToken cancellationToken)
        {
            if (trainId == train)
            {
                _asked.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return await service.GetAsync(trainId, name, cancellationToken);
        }

        public Task<DeviceShadow> UpdateAsync(string trainId, string name, ShadowChange change, CancellationToken cancellationToken) => service.UpdateAsync(trainId, name, change, cancellationToken);

        public Task DeleteAsync(string trainId, string name, CancellationToken cancellationToken) => service.DeleteAsync(trainId, name, cancellationToken);

        public Task<IReadOnlyList<string>> FindNamesAsync(string trainId, CancellationToken cancellationToken) => service.FindNamesAsync(trainId, cancellationToken);
    }
}
