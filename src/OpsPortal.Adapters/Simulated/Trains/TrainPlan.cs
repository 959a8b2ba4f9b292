using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>All that makes a simulated train what it is.</summary>
/// <param name="OffsetSeconds">Its place in the cycle of the service at Unix second 0.</param>
/// <param name="Key">What chance is drawn from.</param>
/// <param name="Wear">How many times faster than in life its parts wear out; 0 = not at all.</param>
internal sealed record TrainPlan(Train Registered, Service Service, LineGeometry Geometry, Timetable Timetable, double OffsetSeconds, ulong Key, double Wear)
{
    /// <summary>Models of the sensors that its class carries.</summary>
    public SensorModel[] MakeSensors()
    {
        SensorModel[] sensors = [.. Service.Class.Sensors.Select(id => SensorModels.Make(id, Key)).OfType<SensorModel>()];
        foreach (var sensor in Wear > 0 ? sensors : [])
        {
            sensor.Wear = WearCurve.Find(sensor.Id, Key, Wear);
        }

        return sensors;
    }
}
