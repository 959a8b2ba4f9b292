namespace OpsPortal.Keys;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "There are no data-protection keys in {Folder} yet: new ones are made. Where this is said at each start, or on each node, the folder does not last or is not shared, and people are asked to sign in again: set Keys:Folder")]
    public static partial void NoKeysYet(this ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The data-protection keys in {Folder} are kept in the clear: whoever reads the folder can open the provider's tokens. Set Keys:EncryptedWith")]
    public static partial void KeysInTheClear(this ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Some data-protection keys in {Folder} were kept in the clear before Keys:EncryptedWith was set. Remove those files to be rid of them; people are then asked to sign in again")]
    public static partial void OldKeysInTheClear(this ILogger logger, string folder);
}
