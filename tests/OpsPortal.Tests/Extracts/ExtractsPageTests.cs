using System.Net;
using System.Text.RegularExpressions;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;
using static OpsPortal.Tests.Extracts.ExtractRig;

namespace OpsPortal.Tests.Extracts;

/// <summary>The page of extracts as the server writes it.</summary>
public sealed class ExtractsPageTests : IDisposable
{
    private const string Ask = "/extracts?trains=390-042&from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z";

    private readonly PortalHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Who_may_not_is_told_so_and_shown_nothing()
    {
        await _host.SeedAsync(seed => seed.Add("Longsight", "390-042", TimeProvider.System.GetUtcNow().AddHours(-2)));

        var page = await (await _host.SignedInAsync("operator", "Op")).GetStringAsync(Ask);

        Assert.Contains("Your role may not", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<form method=\"get\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"heat\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_files_it_says_that_there_are_none() =>
        Assert.Contains("No raw files of the last 14 days", await (await _host.SignedInAsync(Scientist("u"))).GetStringAsync("/extracts"), StringComparison.Ordinal);

    [Fact]
    public async Task The_heat_map_shows_trains_by_day_and_only_those_inside_the_scope()
    {
        var recent = TimeProvider.System.GetUtcNow().AddHours(-2);
        await _host.SeedAsync(seed => seed.Add("Longsight", "390-042", recent).Add("Crofton", "222-007", recent));

        var all = await (await _host.SignedInAsync(Scientist("u"))).GetStringAsync("/extracts");
        var some = await (await _host.SignedInAsync(Scientist("v", Samples.OnlyLongsight("depot")))).GetStringAsync("/extracts");

        Assert.Matches("390-042, \\d+ \\w+: \\d+ B; ask for it", all);
        Assert.Contains("222-007", all, StringComparison.Ordinal);
        Assert.Contains("390-042", some, StringComparison.Ordinal);
        Assert.DoesNotContain("222-007", some, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_says_its_size_or_what_is_wrong_with_it_or_that_there_is_nothing()
    {
        await _host.SeedAsync(seed => seed.Add("Longsight", "390-042", Samples.Start));
        var caller = await _host.SignedInAsync(Scientist("u"));

        Assert.Matches("1 file, \\d+ B", await caller.GetStringAsync(Ask));
        Assert.Contains("There are no files of these trains", await caller.GetStringAsync(Ask.Replace("390-042", "nobody", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("from: Must be an ISO 8601 time", await caller.GetStringAsync(Ask.Replace("2026-11-21T00:00:00Z", "yesterday", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>hostile", await caller.GetStringAsync("/extracts?trains=%3Cb%3Ehostile"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Made_by_the_form_it_shows_token_and_lines_once_and_can_be_withdrawn()
    {
        await _host.SeedAsync(seed => seed.Add("Longsight", "390-042", Samples.Start));
        var caller = _host.Caller(cookies: true);
        caller.DefaultRequestHeaders.Authorization = new("Bearer", await _host.SessionOfAsync(Scientist("u")));

        var made = await PostAsync(caller, Ask, "make");
        var token = Regex.Match(made, "opx_[\\w-]{43}").Value;
        var id = Regex.Match(made, "data-extract=\"(\\w+)\"").Groups[1].Value;

        Assert.NotEqual("", token);
        Assert.Contains($"/api/extracts/{id}/manifest", made, StringComparison.Ordinal);
        Assert.DoesNotContain("opx_", (await caller.GetStringAsync("/extracts")).Replace("opx_…", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(200, (int)(await _host.Script(token).GetAsync($"/api/extracts/{id}/manifest")).StatusCode);
        Assert.Contains("withdrawn by name of u", await PostAsync(caller, "/extracts", "withdraw", ("Withdrawing", id)), StringComparison.Ordinal);
        Assert.Equal(401, (int)(await _host.Script(token).GetAsync($"/api/extracts/{id}/manifest")).StatusCode);
    }

    private static async Task<string> PostAsync(HttpClient caller, string path, string form, params (string Key, string Value)[] fields)
    {
        var antiforgery = Regex.Match(await caller.GetStringAsync(path), "name=\"antiforgery\" value=\"([^\"]+)\"").Groups[1].Value;
        var values = fields.Append(("_handler", form)).Append(("antiforgery", antiforgery)).Select(field => KeyValuePair.Create(field.Item1, field.Item2));
        using var content = new FormUrlEncodedContent(values);
        return WebUtility.HtmlDecode(await (await caller.PostAsync(path, content)).Content.ReadAsStringAsync());
    }
}
