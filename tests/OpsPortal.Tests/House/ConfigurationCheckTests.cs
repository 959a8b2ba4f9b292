using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Parts;

namespace OpsPortal.Tests.House;

public sealed class ConfigurationCheckTests
{
    [Fact]
    [Trait("Fault", "BAD-51")]
    public void Every_mistake_is_found_at_once_and_named_by_its_key()
    {
        var mistakes = Find(("Kettle:Cups", "abc"), ("Kettle:Boil", "soon"), ("Kettle:Colour", "red"), ("Teapot:Litres", "9"));

        Assert.Equal(
            [
                "Kettle:Boil: \"soon\" is not a time span such as 00:00:30 or 7.00:00:00.",
                "Kettle:Colour: nobody reads this key. Kettle has: Cups, Boil.",
                "Kettle:Cups: \"abc\" is not a whole number, or it is too large.",
                "Teapot:Litres: The field Litres must be between 1 and 3.",
            ],
            mistakes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_right_configuration_has_no_mistakes() => Assert.Empty(Find(("Kettle:Cups", "3"), ("kettle:boil", "00:01:00")));

    [Theory]
    [Trait("Fault", "BAD-51")]
    [InlineData("--Trian:Count=1", "Trian")]
    [InlineData("--Count=1", "Count")]
    [InlineData("--Trains:Count=1", null)]
    [InlineData("--urls=http://localhost:5081", null)]
    [InlineData("--environment=Development", null)]
    [InlineData("--Feed:Beat=00:00:01", null)]
    public void A_section_that_nobody_reads_is_found_on_the_command_line(string argument, string? named)
    {
        var mistakes = UnknownSections.Find(new ConfigurationBuilder().AddCommandLine([argument]).Build());

        Assert.Equal(named, mistakes.SingleOrDefault()?.Split(':')[0]);
    }

    [Theory]
    [InlineData("Portal,Foo", "Foo")]
    [InlineData("7", "7")]
    [InlineData(" , ", "empty")]
    public void A_part_that_is_none_is_refused_with_what_there_is(string parts, string named)
    {
        var problem = PartsConfiguration.Problem(new ConfigurationBuilder().AddInMemoryCollection([new("Parts", parts)]).Build());

        Assert.Contains(named, problem, StringComparison.Ordinal);
        Assert.Contains("Portal, Detector, Trains", problem, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Find(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration);
        services.AddOptions<KettleOptions>().BindConfiguration(KettleOptions.Section).ValidateDataAnnotations();
        services.AddOptions<TeapotOptions>().BindConfiguration(TeapotOptions.Section).ValidateDataAnnotations();
        using var provider = services.BuildServiceProvider();
        return ConfigurationCheck.Find(services, provider, configuration);
    }

    private sealed class KettleOptions
    {
        public const string Section = "Kettle";

        public int Cups { get; set; } = 2;

        public TimeSpan Boil { get; set; } = TimeSpan.FromMinutes(3);
    }

    private sealed class TeapotOptions
    {
        public const string Section = "Teapot";

        [Range(1, 3)]
        public int Litres { get; set; } = 1;
    }
}
