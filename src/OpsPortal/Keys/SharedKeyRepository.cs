using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using OpsPortal.Core.Access;

namespace OpsPortal.Keys;

/// <summary>Keys in a place that all nodes share. The framework asks at the start and once a day, on a thread of its own choosing, and only without awaiting.</summary>
internal sealed class SharedKeyRepository(ISharedKeys keys) : IXmlRepository
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public IReadOnlyCollection<XElement> GetAllElements() => [.. Ask(token => keys.FindAllAsync(token)).Select(XElement.Parse)];

    public void StoreElement(XElement element, string friendlyName) =>
        Ask(async token =>
        {
            await keys.KeepAsync(friendlyName, element.ToString(SaveOptions.DisableFormatting), token);
            return true;
        });

    private static T Ask<T>(Func<CancellationToken, Task<T>> ask)
    {
        using var limit = new CancellationTokenSource(Limit);
        return Task.Run(() => ask(limit.Token)).GetAwaiter().GetResult();
    }
}
