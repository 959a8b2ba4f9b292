using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Telemetry;

public sealed class SensorCatalogueTests
{
    [Theory]
    [InlineData("axleBoxTemperature.car3.axle2.right", "axle box 3-2 right", "°C", "axleBox")]
    [InlineData("bogieVibration.car3.bogie1", "bogie vibration 3-1", "g RMS", "bogie")]
    [InlineData("brakePipePressure.car1", "brake pipe 1", "bar", "brakes")]
    [InlineData("something.car2.odd", "something 2 odd", "", "something")]
    public void A_sensor_id_is_said_in_words(string id, string words, string unit, string subsystem)
    {
        var sensor = SensorCatalogue.Describe(id);

        Assert.Equal((words, unit, subsystem), (sensor.Words, sensor.Unit, sensor.Subsystem));
    }
}
