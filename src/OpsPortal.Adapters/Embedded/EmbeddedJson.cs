using System.Text.Json.Serialization;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Embedded;

/// <summary>How documents are written into the embedded stores.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(Alert))]
[JsonSerializable(typeof(Anomaly))]
[JsonSerializable(typeof(Train))]
[JsonSerializable(typeof(TrainState))]
[JsonSerializable(typeof(IEnumerable<string>))]
[JsonSerializable(typeof(IEnumerable<int>))]
[JsonSerializable(typeof(SavedText))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, SavedValue>))]
internal sealed partial class EmbeddedJson : JsonSerializerContext;
