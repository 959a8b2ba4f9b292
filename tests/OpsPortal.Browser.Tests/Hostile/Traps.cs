using Microsoft.Playwright;

namespace OpsPortal.Browser.Tests.Hostile;

/// <summary>Notices when a text has become code, markup, or a request to elsewhere.</summary>
internal sealed class Traps
{
    private const string Armed = """
        window.sprung = [];
        document.addEventListener('securitypolicyviolation', (e) => window.sprung.push('policy: ' + e.violatedDirective + ' ' + e.blockedURI));
        for (const name of ['innerHTML', 'outerHTML']) {
          const own = Object.getOwnPropertyDescriptor(Element.prototype, name);
          Object.defineProperty(Element.prototype, name, { ...own, set(value) {
            if (/alert\(1\)|onerror|javascript:/.test(String(value))) window.sprung.push(name + ': ' + String(value).slice(0, 100));
            own.set.call(this, value);
          } });
        }
        """;

    // Text in an attribute or between tags is no harm; an element or handler made of it is.
    private const string Look = """
        () => [...window.sprung,
          ...[...document.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => a.name.startsWith('on') && e.localName !== 'body')).map((e) => 'handler: ' + e.outerHTML.slice(0, 120)),
          ...[...document.querySelectorAll('img[src="x"], svg[onload], details[ontoggle], a[href^="javascript:" i]')].map((e) => 'element: ' + e.outerHTML.slice(0, 120)),
          ...[...document.querySelectorAll('script:not([src])')].filter((e) => e.textContent.includes('alert(1)')).map((e) => 'script: ' + e.outerHTML.slice(0, 120)),
          ...(document.body.innerText.includes('{{49}}') ? ['template'] : [])].join('\n')
        """;

    private readonly List<string> _sprung = [];

    public static async Task<Traps> ArmAsync(IPage page)
    {
        var traps = new Traps();
        page.Dialog += (_, dialog) =>
        {
            traps._sprung.Add($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (request.Url.Contains("evil.example", StringComparison.Ordinal) || request.Url.EndsWith("/x", StringComparison.Ordinal))
            {
                traps._sprung.Add($"request: {request.Url}");
            }
        };
        await page.AddInitScriptAsync(Armed);
        return traps;
    }

    /// <summary>What has sprung so far on this page; empty when nothing has.</summary>
    public async Task<string> SprungAsync(IPage page) => string.Join('\n', _sprung.Append(await page.EvaluateAsync<string>(Look)).Where(text => text.Length > 0));
}
