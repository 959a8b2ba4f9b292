using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Adapters.Aws.Iot;

/// <summary>Refuses a start without a place to speak to.</summary>
internal sealed class IotOptionsCheck(AwsPlaces places) : IValidateOptions<IotOptions>
{
    public ValidateOptionsResult Validate(string? name, IotOptions options) =>
        places.Problem(AwsService.IotData, options.Endpoint, options.Region) is { } problem
            ? ValidateOptionsResult.Fail($"{IotOptions.Section}:{nameof(IotOptions.Endpoint)}: {problem}")
            : ValidateOptionsResult.Success;
}
