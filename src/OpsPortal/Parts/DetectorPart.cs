using OpsPortal.Core.Detection;

namespace OpsPortal.Parts;

/// <summary>The part that reads the source, detects and keeps.</summary>
internal static class DetectorPart
{
    public static IServiceCollection AddDetector(this IServiceCollection services)
    {
        services.AddOptions<PipelineOptions>().BindConfiguration(PipelineOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<DetectorOptions>().BindConfiguration(DetectorOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PipelineSetting>().AddSingleton<DetectorStores>().AddSingleton<DetectorKeeping>();
        return services.AddHostedService<DetectionPipeline>();
    }
}
