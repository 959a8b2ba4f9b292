using System.Net;
using System.Text.RegularExpressions;

namespace OpsPortal.Tests.Kit.Oidc;

/// <summary>
/// A browser without scripts: cookies by host whatever the port, as browsers keep them; redirects followed one by one; forms filled
/// in. It trusts every certificate: whom the portal trusts is what is tested.
/// </summary>
internal sealed partial class PlainBrowser : IDisposable
{
    private readonly HttpClient _client = new(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false, ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator }) { Timeout = TimeSpan.FromSeconds(30) };

    // One host is all there is here: localhost. Paths of cookies are looked at, for the provider has several of one name.
    private readonly Dictionary<(string Name, string Path), string> _cookies = [];

    public Uri Address { get; private set; } = new("about:blank");

    public HttpStatusCode Status { get; private set; }

    public string Text { get; private set; } = "";

    /// <summary>A cookie's value, or null.</summary>
    public string? Cookie(string name) => _cookies.FirstOrDefault(cookie => cookie.Key.Name == name).Value;

    /// <summary>Opens an address and follows where it leads.</summary>
    /// <param name="stopAt">Stops before a redirect to an address that begins so.</param>
    public Task OpenAsync(Uri address, string? stopAt = null) => WalkAsync(new HttpRequestMessage(HttpMethod.Get, address), stopAt);

    /// <summary>Sends the page's first form, with these fields in addition or instead.</summary>
    public Task SendFormAsync(params (string Name, string Value)[] fields) => SendFormOfAsync("", fields);

    /// <summary>Sends the page's first form that has this in its text.</summary>
    public Task SendFormOfAsync(string text, params (string Name, string Value)[] fields)
    {
        var form = Form().Matches(Text).First(found => found.Value.Contains(text, StringComparison.Ordinal));
        var all = Hidden().Matches(form.Groups["body"].Value).ToDictionary(match => match.Groups["name"].Value, match => WebUtility.HtmlDecode(match.Groups["value"].Value));
        foreach (var (name, value) in fields)
        {
            all[name] = value;
        }

        return WalkAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(Address, form.Groups["action"].Success ? WebUtility.HtmlDecode(form.Groups["action"].Value) : Address.AbsolutePath)) { Content = new FormUrlEncodedContent(all) }, null);
    }

    /// <summary>Signs in at the provider, from the portal's page: through its two forms where it shows them.</summary>
    public async Task SignInAsync(Uri portal, string login, string returnUrl = "/api/me")
    {
        await OpenAsync(new Uri(portal, $"/sign-in/start?returnUrl={Uri.EscapeDataString(returnUrl)}"));
        for (var i = 0; i < 3 && Text.Contains("name=\"prompt\"", StringComparison.Ordinal); i++)
        {
            var isLogin = Text.Contains("name=\"prompt\" value=\"login\"", StringComparison.Ordinal);
            await SendFormAsync(isLogin ? [("login", login), ("password", "any")] : []);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task WalkAsync(HttpRequestMessage request, string? stopAt)
    {
        for (var steps = 0; steps < 12; steps++)
        {
            Address = request.RequestUri!;
            var cookies = string.Join("; ", _cookies.Where(cookie => Address.AbsolutePath.StartsWith(cookie.Key.Path, StringComparison.Ordinal)).Select(cookie => $"{cookie.Key.Name}={cookie.Value}"));
            if (cookies.Length > 0)
            {
                request.Headers.Add("Cookie", cookies);
            }

            // A connection of its own for each request: what stands behind an address may be another process each time.
            request.Headers.ConnectionClose = true;
            using var answer = await _client.SendAsync(request);
            Keep(answer);
            (Status, Text) = (answer.StatusCode, await answer.Content.ReadAsStringAsync());
            if (answer.Headers.Location is not { } leads || (int)Status is < 300 or >= 400)
            {
                return;
            }

            var next = new Uri(Address, leads);
            if (stopAt is not null && next.ToString().StartsWith(stopAt, StringComparison.Ordinal))
            {
                Address = next;
                return;
            }

            request = new HttpRequestMessage(HttpMethod.Get, next);
        }

        throw new InvalidOperationException($"Round and round: {Address}");
    }

    private void Keep(HttpResponseMessage answer)
    {
        foreach (var set in answer.Headers.TryGetValues("Set-Cookie", out var sets) ? sets : [])
        {
            var parts = set.Split(';', StringSplitOptions.TrimEntries);
            var (name, value) = (parts[0].Split('=', 2)[0], parts[0].Split('=', 2)[1]);
            var path = parts.FirstOrDefault(part => part.StartsWith("path=", StringComparison.OrdinalIgnoreCase))?[5..] ?? "/";
            if (value.Length == 0 || parts.Any(part => part.StartsWith("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase)))
            {
                _cookies.Remove((name, path));
            }
            else
            {
                _cookies[(name, path)] = value;
            }
        }
    }

    [GeneratedRegex("<form(?:[^>]*action=\"(?<action>[^\"]*)\")?[^>]*>(?<body>.*?)</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*name=\"(?<name>[^\"]*)\"[^>]*value=\"(?<value>[^\"]*)\"")]
    private static partial Regex Hidden();
}
