using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Adapters.Aws.Iot;

/// <summary>Device shadows in AWS IoT Core: section <c>Iot</c>.</summary>
public sealed class IotOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Iot";

    /// <summary>The account's data endpoint, such as https://abc-ats.iot.eu-west-2.amazonaws.com. Default: AWS_ENDPOINT_URL_IOT_DATA_PLANE, then AWS_ENDPOINT_URL_IOT_DATA, then Aws:EndpointUrl, then the region's own.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Region. Default: Aws:Region.</summary>
    public string? Region { get; set; }

    /// <summary>One attempt of a request may take this long. Default 5 s, 100 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Attempts after the first, where trying again does no harm. Default 4, 0–10.</summary>
    [Range(0, 10)]
    public int Retries { get; set; } = 4;

    /// <summary>Requests at once for one train; AWS takes 10. Default 4, 1–10.</summary>
    [Range(1, 10)]
    public int MaxInFlightPerTrain { get; set; } = 4;

    /// <summary>Requests at once for all trains. Default 32, 1–1,000.</summary>
    [Range(1, 1_000)]
    public int MaxInFlight { get; set; } = 32;

    /// <summary>How often a simulated train looks at its shadow. Real trains hear of changes over MQTT and do not poll. Default 2 s, 10 ms to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);
}
