namespace OpsPortal.Core.Access;

/// <summary>A shared place for the keys that protect forms, sign-ins under way and the provider's tokens, where a folder is not what all nodes share.</summary>
public interface ISharedKeys
{
    /// <summary>Where it is, for people.</summary>
    string Name { get; }

    /// <summary>Every key's text. Few: a new one every 90 days.</summary>
    /// <exception cref="Health.StoreUnavailableException">The place cannot be asked.</exception>
    Task<IReadOnlyList<string>> FindAllAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a key's text under a name that nobody else gives.</summary>
    /// <exception cref="Health.StoreUnavailableException">The place cannot be written.</exception>
    Task KeepAsync(string name, string text, CancellationToken cancellationToken);
}
