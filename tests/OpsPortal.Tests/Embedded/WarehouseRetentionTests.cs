using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Embedded;
using OpsPortal.Adapters.Embedded.Warehouse;
using OpsPortal.Core.Access;
using OpsPortal.Core.Telemetry;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Embedded;

/// <summary>Processed readings, and the minutes that reports count, are kept no longer and no larger than configured.</summary>
public sealed class WarehouseRetentionTests
{
    private static readonly User Reader = new("retention", "Reader", FrozenSet.Create(Role.Engineer), Core.Access.Scope.WholeFleet);

    [Fact]
    public async Task Minutes_go_with_the_readings_they_were_made_from_when_both_are_too_old()
    {
        var time = new ManualTime(Samples.Start.AddMinutes(1));
        await using var house = new EmbeddedHouse(time);
        await FillAsync(house, Samples.Start, 1, 1);
        time.Advance(TimeSpan.FromDays(20));
        await FillAsync(house, time.GetUtcNow(), 1, 1);

        time.Advance(TimeSpan.FromDays(12));
        await house.Get<WarehouseFilling>().ClearAsync(default);

        Assert.Equal((1, 1), (await NumberAsync(house, "SELECT COUNT(*) FROM readings_minute"), await NumberAsync(house, "SELECT COUNT(*) FROM train_minutes")));
    }

    [Fact]
    public async Task Where_there_is_too_much_minutes_reach_no_further_back_than_readings()
    {
        await using var house = new EmbeddedHouse(new ManualTime(Samples.Start.AddHours(3)), more: services => services.Configure<DataOptions>(options => options.MaxWarehouseBytes = 1 << 20));
        await FillAsync(house, Samples.Start, 120, 150);
        Assert.Equal(120, await NumberAsync(house, "SELECT COUNT(*) FROM train_minutes"));

        await house.Get<WarehouseFilling>().ClearAsync(default);

        Assert.InRange(await NumberAsync(house, "SELECT COUNT(*) FROM readings_minute"), 1, 120 * 150 / 2);
        Assert.InRange(await NumberAsync(house, "SELECT COUNT(*) FROM train_minutes"), 1, 60);
        Assert.Equal(0, await NumberAsync(house, "SELECT COUNT(*) FROM train_minutes WHERE minute < (SELECT MIN(minute) FROM readings_minute)"));
    }

    private static async Task FillAsync(EmbeddedHouse house, DateTimeOffset start, int minutes, int sensors)
    {
        var readings = Enumerable.Range(0, sensors).ToDictionary(sensor => $"oilTemperature.car{sensor}", _ => new ReadingFigures(1, 1, 1, 1));
        await house.Get<IReadingStore>().KeepAsync([.. Enumerable.Range(0, minutes).Select(minute => new ReadingWindow(Samples.Longsight(), start.AddMinutes(minute), minute + 1, 1, start.AddMinutes(minute), false, readings))], default);
        await house.Get<WarehouseFilling>().FillAsync(default);
    }

    private static async Task<long> NumberAsync(EmbeddedHouse house, string sql)
    {
        await using var result = await house.Get<IWarehouse>().RunAsync(Reader, new WarehouseQuery(sql, new Dictionary<string, object?>()), default);
        await result.ReadAsync(default);
        return long.Parse(result[0]!, CultureInfo.InvariantCulture);
    }
}
