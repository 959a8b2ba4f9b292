using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OpsPortal.Browser.Tests.Hostile;

/// <summary>A recording whose every text is an attack: name of the file, of trains, lines, depots, sensors and units.</summary>
internal sealed class HostileRecording : IDisposable
{
    /// <summary>Texts that ran as code somewhere once.</summary>
    public static readonly string[] Corpus =
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<details open onload=1 ontoggle=alert(1)>x", "javascript:alert(1)", "{{7*7}}", "${7*7}",
        "\"><svg onload=alert(1)>", "'; alert(1); //", "</title><script>alert(1)</script>", "<a href=\"javascript:alert(1)\">x</a>", "]]><b>", "--><b onmouseover=alert(1)>",
        "=HYPERLINK(\"https://evil.example\")", "tex\u202Etxet", "Z\u0337\u0322a\u0334\u0321lgo", "\u200Bhidden\u200B", "\uFEFFbom\u0007bell", new string('W', 300),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("hostile").FullName;

    public HostileRecording()
    {
        Path = System.IO.Path.Combine(_folder, "<img src=x onerror=alert(1)>.csv");
        File.WriteAllText(Path, Rows());
        File.WriteAllText(Path + ".json", Descriptor());
    }

    /// <summary>The text as it is to be seen: nothing hides in it, and it ends.</summary>
    public static string Shown(int number) => Corpus[number] switch
    {
        { Length: > 200 } text => text[..200] + "…",
        var text => string.Concat(text.Select(character => character is '\u202E' or '\u200B' or '\uFEFF' or '\u0007' ? $"‹U+{(int)character:X4}›" : $"{character}")),
    };

    public string Path { get; }

    public static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"bad-{number}");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Rows()
    {
        var rows = new StringBuilder("at,n,text,lat,lon,oil\n");
        for (var second = 0; second < 1_200; second += 5)
        {
            for (var n = 0; n < Corpus.Length; n++)
            {
                var (lat, lon) = (52 + (n * 0.05), -1.5 + (second * 0.00001));
                rows.Append(CultureInfo.InvariantCulture, $"2026-11-21 {20 + (second / 3600):00}:{second / 60 % 60:00}:{second % 60:00},{n},\"{Corpus[n].Replace("\"", "\"\"", StringComparison.Ordinal)}\",{lat:0.#####},{lon:0.#####},{60 + n}\n");
            }
        }

        return rows.ToString();
    }

    private static string Descriptor() => JsonSerializer.Serialize(new
    {
        train = new { id = "bad-{n}", name = "{text}", @class = "{file}", depot = "{text}", line = "{text}" },
        time = new { column = "at", format = "yyyy-MM-dd HH:mm:ss", zone = "UTC" },
        expectedIntervalSeconds = 5,
        silentAfterSeconds = 600,
        subsystem = "airSupply",
        position = new { latitude = "lat", longitude = "lon" },
        columns = new[] { new { column = "oil", sensor = "oilTemperature.car1", words = "<img src=x onerror=alert(1)> oil", unit = "<b>°C</b>" } },
    });
}
