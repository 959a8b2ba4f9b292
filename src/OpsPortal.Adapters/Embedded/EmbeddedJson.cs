using System.Text.Json.Serialization;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;

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
internal sealed partial class EmbeddedJson : JsonSerializerContext;
