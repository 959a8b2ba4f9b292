using System.Text.Json;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.SignIn;
using OpsPortal.SignIn.OpenId;

namespace OpsPortal.Tests.SignIn;

/// <summary>The known providers by what their documents say that their tokens hold.</summary>
public sealed class PresetTests
{
    private const string Tenant = "11111111-2222-3333-4444-555555555555";

    private static readonly Dictionary<ProviderPreset, (string Claims, string Name)> Tokens = new()
    {
        [ProviderPreset.EntraId] = ($$"""{"ver":"2.0","tid":"{{Tenant}}","oid":"o","sub":"s","name":"Eve Entra","preferred_username":"eve@corp.example","roles":["ops"],"groups":["6f1c…"],"extn.depots":["Longsight"]}""", "Eve Entra"),
        [ProviderPreset.Cognito] = ("""{"sub":"s","cognito:groups":["ops"],"cognito:username":"carl","token_use":"id","custom:depots":"Longsight"}""", "carl"),
        [ProviderPreset.Okta] = ("""{"sub":"00u1","name":"Olaf Okta","preferred_username":"olaf@corp.example","ver":1,"amr":["pwd"],"idp":"00o1","groups":["Everyone","ops"],"depots":["Longsight"]}""", "Olaf Okta"),
        [ProviderPreset.Keycloak] = ("""{"sub":"s","name":"Kim Keycloak","preferred_username":"kim","realm_access":{"roles":["offline_access","uma_authorization"]},"resource_access":{"ops.portal":{"roles":["ops"]},"account":{"roles":["manage-account"]}},"groups":["/crew"],"depots":["Longsight"]}""", "Kim Keycloak"),
        [ProviderPreset.None] = ("""{"sub":"s","name":"Plain","https://claims.example/x":"y","roles":"ops, other","depots":"[\"Longsight\"]"}""", "Plain"),
    };

    public static TheoryData<string> Presets() => [.. Enum.GetNames<ProviderPreset>()];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Name_role_and_depot_are_found_where_the_provider_puts_them(string name)
    {
        var preset = Enum.Parse<ProviderPreset>(name);
        var claims = JsonSerializer.Deserialize<JsonElement>(Tokens[preset].Claims);
        var profile = Profile(new ProviderOptions { Preset = preset, ClientId = "ops.portal", Authority = new("https://login.example") });

        var user = Reader(new SignInOptions { Roles = new() { ["Operator"] = ["ops"] } }).Read(claims, profile.Names, "https://login.example", "s");

        Assert.Equal(Tokens[preset].Name, user.Name);
        Assert.Equal([Role.Operator], user.Roles);
        Assert.Equal(["Longsight"], user.Scope.Depots!);
        Assert.Contains("openid", profile.Scopes);
    }

    [Theory]
    [InlineData("EntraId", true)]
    [InlineData("Okta", true)]
    [InlineData("Cognito", false)]
    [InlineData("Keycloak", false)]
    public void Offline_access_is_asked_of_those_that_give_no_refresh_token_otherwise(string preset, bool asked) =>
        Assert.Equal(asked, Profile(new ProviderOptions { Preset = Enum.Parse<ProviderPreset>(preset) }).Scopes.Contains("offline_access"));

    [Fact]
    public void Cognito_signs_out_in_words_of_its_own()
    {
        var query = Profile(new ProviderOptions { Preset = ProviderPreset.Cognito, ClientId = "portal" }).SignOutQuery("token", "https://ops.example/signed-out");

        Assert.Equal(["client_id", "logout_uri"], query.Keys.Order());
    }

    [Theory]
    [InlineData($"https://login.microsoftonline.com/{Tenant}/v2.0", Tenant, true)]
    [InlineData($"https://login.microsoftonline.com/{Tenant}/v2.0", "99999999-2222-3333-4444-555555555555", false)]
    [InlineData("https://login.microsoftonline.com/99999999-2222-3333-4444-555555555555/v2.0", "99999999-2222-3333-4444-555555555555", false)]
    [InlineData("https://login.microsoftonline.com/99999999-2222-3333-4444-555555555555/v2.0", Tenant, false)]
    [InlineData("https://login.microsoftonline.com/{tenantid}/v2.0", Tenant, false)]
    [InlineData($"https://login.microsoftonline.com/{Tenant}/v2.0", null, false)]
    public void Of_many_tenants_those_named_come_in(string issuer, string? tenant, bool comesIn)
    {
        var profile = Profile(new ProviderOptions { Authority = new("https://login.microsoftonline.com/organizations/v2.0"), Issuer = "https://login.microsoftonline.com/{tenantid}/v2.0", Tenants = [Tenant] });

        Assert.True(profile.Describes("https://login.microsoftonline.com/{tenantid}/v2.0"));
        Assert.Equal(comesIn, profile.IsIssuer(issuer, tenant));
    }

    [Theory]
    [InlineData("https://login.example/realm", true)]
    [InlineData("https://login.example/realm/", true)]
    [InlineData("https://login.example/realm2", false)]
    [InlineData("https://evil.example/realm", false)]
    public void A_description_of_another_issuer_is_not_taken(string issuer, bool taken) =>
        Assert.Equal(taken, Profile(new ProviderOptions { Authority = new("https://login.example/realm/") }).Describes(issuer));

    [Theory]
    [InlineData("crew", """{"depots":["Longsight"],"lines":null,"classes":null}""")]
    [InlineData("crew,yard", """{"depots":["Crofton","Longsight"],"lines":null,"classes":null}""")]
    [InlineData("crew,control", """{"depots":null,"lines":null,"classes":null}""")]
    [InlineData("none,crew", """{"depots":["Longsight"],"lines":null,"classes":null}""")]
    [InlineData("nobody", """{"depots":[],"lines":null,"classes":null}""")]
    [InlineData("crew,line", null)]
    public void The_scope_file_says_what_claims_do_not_and_never_more_than_its_entries(string roles, string? scope)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """
            {
              // what is left out is "all"
              "crew": {"depots": ["Longsight"]}, "yard": {"depots": ["Crofton"]}, "control": {}, "none": {"depots": []}, "line": {"lines": ["WCML"]},
            }
            """);
        var claims = JsonSerializer.SerializeToElement(new { sub = "s", name = "N", roles = roles.Split(',').Append("ops") });
        User Read() => Reader(new SignInOptions { Roles = new() { ["Operator"] = ["ops"] }, ScopeFile = file }).Read(claims, Profile(new ProviderOptions()).Names, "i", "s");

        if (scope is null)
        {
            Assert.Equal(SignInTrouble.NoScope, Assert.Throws<SignInRefusedException>(Read).Trouble);
        }
        else
        {
            var found = Read().Scope;
            Assert.Equal(scope, JsonSerializer.Serialize(new { depots = found.Depots?.Order(), lines = found.Lines, classes = found.Classes }));
        }

        File.Delete(file);
    }

    [Theory]
    [InlineData("""{"sub":"s","name":"N","roles":["Administrator"]}""", true)]
    [InlineData("""{"sub":"s","name":"N","roles":["administrator"]}""", false)]
    [InlineData("""{"sub":"s","name":"N","roles":["6"]}""", false)]
    [InlineData("""{"sub":"s","name":"N","roles":[6,{"a":1},null]}""", false)]
    [InlineData("""{"sub":"s","name":"N","roles":{"Administrator":true}}""", false)]
    [InlineData("""{"sub":"s","name":"Administrator","email":"Administrator"}""", false)]
    public void Without_a_map_a_value_that_is_a_roles_own_name_gives_it_and_nothing_else_does(string claims, bool gives)
    {
        User Read() => Reader(new SignInOptions()).Read(JsonSerializer.Deserialize<JsonElement>(claims), Profile(new ProviderOptions()).Names, "i", "s");

        if (gives)
        {
            Assert.Equal([Role.Administrator], Read().Roles);
        }
        else
        {
            Assert.Equal(SignInTrouble.NoRole, Assert.Throws<SignInRefusedException>(Read).Trouble);
        }
    }

    private static ProviderProfile Profile(ProviderOptions options) => new(Options.Create(options));

    private static ClaimsReader Reader(SignInOptions options) => new(Options.Create(options));
}
