using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>Which sensors can be simulated.</summary>
internal static class SensorModels
{
    /// <summary>Whether sensors of this id's kind are simulated.</summary>
    public static bool CanMake(string id) => Make(id, 0) is not null;

    /// <summary>A model of the sensor, or null when its kind is not simulated yet.</summary>
    public static SensorModel? Make(string id, ulong trainKey) => SensorCatalogue.Describe(id).Kind switch
    {
        "axleBoxTemperature" => new AxleBoxTemperature(id, trainKey),
        "bogieVibration" => new BogieVibration(id, trainKey),
        "brakePipePressure" => new BrakePipePressure(id, trainKey),
        "brakeCylinderPressure" => new BrakeCylinderPressure(id, trainKey),
        "tractionCurrent" => new TractionCurrent(id, trainKey),
        "tractionMotorTemperature" => new TractionMotorTemperature(id, trainKey),
        "lineVoltage" => new LineVoltage(id, trainKey),
        "mainReservoirPressure" => new MainReservoirPressure(id, trainKey),
        "compressorCurrent" => new CompressorCurrent(id, trainKey),
        "oilTemperature" => new OilTemperature(id, trainKey),
        "hvacCurrent" => new HvacCurrent(id, trainKey),
        "saloonTemperature" => new SaloonTemperature(id, trainKey),
        "doorCycleTime" => new DoorCycleTime(id, trainKey),
        "pantographForce" => new PantographForce(id, trainKey),
        _ => null,
    };
}
