using System.Diagnostics;
using System.Text.RegularExpressions;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Infra;

/// <summary>compose.yaml, as far as it can be held without a Docker engine: its configuration is the product's, its scripts run, what it names is there.</summary>
public sealed partial class ComposeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Text = File.ReadAllText(Path.Combine(RunningProduct.Root, "compose.yaml"));

    private readonly string _folder = Directory.CreateTempSubdirectory("opsportal-compose-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("portal", "Parts: Portal, Trains")]
    [InlineData("detector", "Parts: Detector")]
    public async Task A_containers_configuration_is_taken_by_the_product(string service, string says)
    {
        await MakeSecretsAsync();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(RunningProduct.Root, "artifacts", "bin", "OpsPortal", "debug", "OpsPortal.dll"), "--Urls=http://127.0.0.1:0", "--Trains:Count=2"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RunningProduct.Root,
        };
        foreach (var (name, value) in Environment("x-stores").Concat(Environment($"  {service}")))
        {
            start.Environment[name] = value.Replace("/secrets", _folder, StringComparison.Ordinal);
        }

        start.Environment["Data__Folder"] = Path.Combine(_folder, "data");
        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync();
            var lines = new List<string>();
            while (!lines.Exists(line => line.Contains(says, StringComparison.Ordinal)))
            {
                var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
                if (line is null)
                {
                    Assert.Fail($"It does not start: {string.Join('\n', lines)}{await errors}");
                }

                lines.Add(line);
            }

            Assert.Contains(lines, line => line.Contains("OpsPortal is ready", StringComparison.Ordinal));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Its_secrets_are_made_once_differ_and_are_for_their_readers_only()
    {
        await MakeSecretsAsync();
        var passwords = new[] { "warehouse/admin-password", "portal/warehouse-password", "s3/password" }.Select(name => File.ReadAllText(Path.Combine(_folder, name))).ToList();
        Assert.Equal(3, passwords.Distinct().Count());
        Assert.All(passwords, password => Assert.Matches("^[0-9a-f]{48}$", password));
        Assert.False(File.Exists(Path.Combine(_folder, "ca.key")), "the authority's key is left behind");
        Assert.Equal("-rw-------", Mode("portal/aws-credentials"));
        Assert.Equal("-rw-------", Mode("warehouse/server.key"));

        await MakeSecretsAsync();

        Assert.Equal(passwords[0], await File.ReadAllTextAsync(Path.Combine(_folder, "warehouse/admin-password")));
    }

    [Fact]
    public void Everything_it_mounts_is_there_and_no_password_stands_in_it()
    {
        var mounted = MountedFile().Matches(Text).Select(match => match.Groups["path"].Value).ToList();
        Assert.NotEmpty(mounted);
        Assert.All(mounted, path => Assert.True(Path.Exists(Path.Combine(RunningProduct.Root, path)), path));
        Assert.DoesNotMatch(@"(?i)(password|secret|key)\w*:[ ]+(?!/secrets|\[)\S*[a-z0-9]{6}", AfterComments());
    }

    [Fact]
    public void Links_to_raw_files_lead_to_a_port_that_is_open_on_this_machine()
    {
        var link = new Uri(Environment("x-stores").Single(setting => setting.Name == "S3__LinkEndpoint").Value);

        Assert.Equal("localhost", link.Host);
        Assert.Contains($"- 127.0.0.1:{link.Port}:9000", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_ports_are_open_on_this_machine_only() =>
        Assert.All(PublishedPort().Matches(Text).Select(match => match.Value.Trim()), port => Assert.StartsWith("- 127.0.0.1:", port));

    private static string AfterComments() => string.Join('\n', Text.Split('\n').Where(line => !line.TrimStart().StartsWith('#')));

    private string Mode(string name)
    {
        var mode = OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(Path.Combine(_folder, name));
        return "-" + string.Concat("rwxrwxrwx".Select((c, i) => ((int)mode >> (8 - i) & 1) == 1 ? c : '-'));
    }

    private async Task MakeSecretsAsync()
    {
        var start = new ProcessStartInfo("sh", [Path.Combine(RunningProduct.Root, "infra", "compose", "secrets.sh")]);
        var me = (await Process.Start(new ProcessStartInfo("id", ["-u"]) { RedirectStandardOutput = true })!.StandardOutput.ReadToEndAsync()).Trim();
        (start.Environment["SECRETS"], start.Environment["WAREHOUSE_UID"], start.Environment["PRODUCT_UID"]) = (_folder, me, me);
        using var script = Process.Start(start)!;
        await script.WaitForExitAsync();
        Assert.Equal(0, script.ExitCode);
    }

    // The lines "    Name__Key: value" between a heading and the next thing on its level.
    private static List<(string Name, string Value)> Environment(string heading)
    {
        var lines = Text.Split('\n').SkipWhile(line => !line.StartsWith(heading + ":", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.Length == 0 || line.StartsWith(new string(' ', heading.TakeWhile(c => c == ' ').Count() + 1), StringComparison.Ordinal)).ToList();
        var found = lines.Select(line => Setting().Match(line)).Where(match => match.Success).Select(match => (match.Groups["name"].Value, Value: match.Groups["value"].Value.Trim('"'))).ToList();
        Assert.NotEmpty(found);
        return found;
    }

    [GeneratedRegex(@"^\s+(?<name>[A-Z]\w*(?:__\w+)*|AWS_\w+): (?<value>\S+)$")]
    private static partial Regex Setting();

    [GeneratedRegex(@"- \./(?<path>[\w./-]+):/")]
    private static partial Regex MountedFile();

    [GeneratedRegex(@"(?m)^\s+- (?:[\d.]+:)?\d+:\d+$")]
    private static partial Regex PublishedPort();
}
