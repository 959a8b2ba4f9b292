using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Browser.Tests.Kit;

/// <summary>What a program that plays peers says of them.</summary>
internal static class PeerSettings
{
    /// <summary>Environment that leads to them: its lines <c>name=value</c>, until it says <c>ready</c>.</summary>
    public static async Task<List<(string Name, string Value)>> ReadAsync(ChildProcess peers)
    {
        var settings = new List<(string, string)>();
        for (var line = await peers.ReadAsync(); line != "ready"; line = await peers.ReadAsync())
        {
            settings.Add((line.Split('=', 2)[0], line.Split('=', 2)[1]));
        }

        return settings;
    }
}
