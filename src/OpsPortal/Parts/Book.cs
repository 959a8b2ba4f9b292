using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Parts;

/// <summary>What both the detector and the portal need: the alert book and the pipeline's figures; and the portal's delivery.</summary>
internal static class Book
{
    public static IServiceCollection AddAlertBook(this IServiceCollection services) =>
        services.AddSingleton(TimeProvider.System).AddSingleton<AlertBook>().AddSingleton<PipelineFigures>();

    public static IServiceCollection AddDelivery(this IServiceCollection services) =>
        services.AddSingleton<TellingRecord>().AddSingleton<TrainTelling>().AddHostedService<ShadowDelivery>();
}
