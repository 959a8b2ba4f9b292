using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OpsPortal.Adapters.Aws.OpenSearch.Alerts;
using OpsPortal.Adapters.Aws.OpenSearch.Audit;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Detection;
using OpsPortal.Adapters.Aws.OpenSearch.Feed;
using OpsPortal.Adapters.Aws.OpenSearch.Fleet;
using OpsPortal.Adapters.Aws.OpenSearch.Telemetry;

namespace OpsPortal.Adapters.Aws.OpenSearch;

/// <summary>How documents are written, and answers read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(RootAnswer))]
[JsonSerializable(typeof(StateAnswer))]
[JsonSerializable(typeof(TemplatesAnswer))]
[JsonSerializable(typeof(BulkAnswer))]
[JsonSerializable(typeof(PointInTimeAnswer))]
[JsonSerializable(typeof(IReadOnlyList<IndexRow>))]
[JsonSerializable(typeof(FollowerCursor))]
[JsonSerializable(typeof(SearchAnswer<NoDocument>))]
[JsonSerializable(typeof(TrainDocument))]
[JsonSerializable(typeof(SearchAnswer<TrainDocument>))]
[JsonSerializable(typeof(ManyAnswer<TrainDocument>))]
[JsonSerializable(typeof(RegistryDocument))]
[JsonSerializable(typeof(SearchAnswer<RegistryDocument>))]
[JsonSerializable(typeof(AnomalyDocument))]
[JsonSerializable(typeof(SearchAnswer<AnomalyDocument>))]
[JsonSerializable(typeof(AlertDocument))]
[JsonSerializable(typeof(SearchAnswer<AlertDocument>))]
[JsonSerializable(typeof(ManyAnswer<AlertDocument>))]
[JsonSerializable(typeof(AuditDocument))]
[JsonSerializable(typeof(SearchAnswer<AuditDocument>))]
[JsonSerializable(typeof(ManyAnswer<AuditDocument>))]
[JsonSerializable(typeof(DeadLetterDocument))]
[JsonSerializable(typeof(SearchAnswer<DeadLetterDocument>))]
[JsonSerializable(typeof(ReadingDocument))]
[JsonSerializable(typeof(SearchAnswer<ReadingDocument>))]
internal sealed partial class OpenSearchJson : JsonSerializerContext;
