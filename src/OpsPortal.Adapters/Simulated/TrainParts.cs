using OpsPortal.Adapters.Simulated.Dirt;
using OpsPortal.Adapters.Simulated.Faults;
using OpsPortal.Adapters.Simulated.Recordings;
using OpsPortal.Adapters.Simulated.Shadows;
using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Adapters.Simulated;

/// <summary>What a run of the trains works with.</summary>
internal sealed record TrainParts(SimulatedFleet Fleet, RecordingShelf Shelf, FaultPlanter Planter, WornParts Worn, ShadowClients Shadows, PlayedClock Clock, DirtSpreader Dirt);
