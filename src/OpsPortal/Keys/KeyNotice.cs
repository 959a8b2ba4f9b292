using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.SignIn;

namespace OpsPortal.Keys;

/// <summary>Says at the start, outside Personas, what is not well with the keys: new ones where there should be some, and ones in the clear.</summary>
internal sealed class KeyNotice(IConfiguration configuration, IOptions<KeyOptions> keys, IOptions<SignInOptions> signIn, IEnumerable<ISharedKeys> shared, ILogger<KeyNotice> logger) : IHostedLifecycleService
{
    // Before everything else starts: the framework makes keys as soon as it does.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // A shared place outlasts every node, and encrypts by itself.
        if (signIn.Value.Mode == SignInOptions.Personas || shared.Any())
        {
            return Task.CompletedTask;
        }

        var folder = KeyServices.FolderOf(configuration, keys.Value);
        var present = Directory.Exists(folder) ? Directory.GetFiles(folder, "key-*.xml") : [];
        if (present.Length == 0)
        {
            logger.NoKeysYet(folder);
        }

        if (string.IsNullOrEmpty(keys.Value.EncryptedWith))
        {
            logger.KeysInTheClear(folder);
        }
        else if (present.Any(file => !File.ReadAllText(file).Contains("encryptedKey", StringComparison.Ordinal)))
        {
            logger.OldKeysInTheClear(folder);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
