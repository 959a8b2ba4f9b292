using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OpsPortal.SignIn;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Host;

public sealed class LoopbackOnlyTests
{
    [Theory]
    [InlineData("Urls", "http://0.0.0.0:5080")]
    [InlineData("Urls", "http://*:5080")]
    [InlineData("Urls", "http://+:5080")]
    [InlineData("Urls", "http://[::]:5080")]
    [InlineData("Urls", "http://opsportal.example:5080")]
    [InlineData("Urls", "http://192.168.1.10:5080")]
    [InlineData("Urls", "http://localhost.evil.example:5080")]
    [InlineData("Urls", "http://localhost:5080;http://10.0.0.1:5080")]
    [InlineData("Urls", "nonsense")]
    [InlineData("HTTP_PORTS", "8080")]
    [InlineData("HTTPS_PORTS", "8443")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://0.0.0.0:80")]
    public void Personas_are_for_loopback_only_and_the_message_names_the_key(string key, string value)
    {
        var answer = Validate(new SignInOptions(), key, value);

        Assert.True(answer.Failed);
        Assert.Contains(key, answer.FailureMessage, StringComparison.Ordinal);
        Assert.Contains("SignIn:Mode", answer.FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Urls", "http://localhost:5080")]
    [InlineData("Urls", "http://LOCALHOST:5080")]
    [InlineData("Urls", "http://127.0.0.1:5080;http://[::1]:5080")]
    [InlineData("Urls", "https://127.8.0.1:0")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://localhost:80")]
    [InlineData("Parts", "Portal")]
    public void Loopback_addresses_are_fine(string key, string value) => Assert.True(Validate(new SignInOptions(), key, value).Succeeded);

    [Fact]
    public void Other_modes_are_for_any_address() => Assert.False(Validate(new SignInOptions { Mode = SignInOptions.OpenIdConnect }, "Urls", "http://0.0.0.0:80").Failed);

    [Theory]
    [InlineData("--Urls=http://0.0.0.0:0", "Urls is \"http://0.0.0.0:0\"")]
    [InlineData("--Kestrel:Endpoints:All:Url=http://*:0", "Kestrel:Endpoints:All:Url")]
    [InlineData("--SignIn:Mode=Nobody", "use one of Personas, OpenIdConnect, Alb")]
    public async Task The_program_itself_refuses_to_start_and_says_why(string setting, string why)
    {
        var folder = Directory.CreateTempSubdirectory("opsportal-refused-").FullName;
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = RunningProduct.Root, RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(RunningProduct.Root, "artifacts", "bin", "OpsPortal", "debug", "OpsPortal.dll"));
        start.ArgumentList.Add(setting);
        start.ArgumentList.Add($"--Data:Folder={folder}");
        start.ArgumentList.Add("--Parts=Portal");
        using var program = Process.Start(start)!;

        var output = program.StandardOutput.ReadToEndAsync();
        var error = await program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync();

        Assert.Equal(2, program.ExitCode);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.DoesNotContain("ready", await output, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("localhost:5080", 200)]
    [InlineData("127.0.0.1:5080", 200)]
    [InlineData("[::1]:5080", 200)]
    [InlineData("portal.localhost", 200)]
    [InlineData("evil.example", 400)]
    [InlineData("localhost.evil.example", 400)]
    [InlineData("127.0.0.1.evil.example", 400)]
    [InlineData("192.168.1.10", 400)]
    public async Task Only_loopback_names_are_answered(string name, int status)
    {
        using var host = new PortalHost();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz/live");
        request.Headers.Host = name;

        Assert.Equal(status, (int)(await host.Caller().SendAsync(request)).StatusCode);
    }

    private static ValidateOptionsResult Validate(SignInOptions options, string key, string value) =>
        new LoopbackOnly(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build()).Validate(null, options);
}
