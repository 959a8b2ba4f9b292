using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit;
using Xunit.Abstractions;

namespace OpsPortal.Browser.Tests.Thread;

/// <summary>A recording of a real train played to its end through the same door as everything else.</summary>
[Collection(Patient.Collection)]
public sealed class RecordingJourney(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>
{
    private const string Train = "metro-porto-1";
    private const int Rows = 1_000;

    // Read in the file by eye: time in the recording, sensor, value.
    private static readonly (string At, string Sensor, double Value)[] Written =
    [
        ("2020-02-01T00:00:00Z", "compressorPressure.car1", -0.012),
        ("2020-02-01T00:00:10Z", "oilTemperature.car1", 53.675),
        ("2020-02-01T00:16:21Z", "panelPressure.car1", 8.408),
        ("2020-02-01T00:41:18Z", "separatorPressure.car1", 8.898),
        ("2020-02-01T01:22:26Z", "reservoirPressure.car1", 8.486),
        ("2020-02-01T01:22:35Z", "oilTemperature.car1", 51.075),
        ("2020-02-01T01:55:37Z", "motorCurrent.car1", 0.0375),
        ("2020-02-01T02:20:24Z", "dryerPressure.car1", -0.022),
        ("2020-02-01T02:28:39Z", "panelPressure.car1", 8.538),
        ("2020-02-01T02:45:01Z", "motorCurrent.car1", 3.9975),
    ];

    [RecordedDataFact]
    public async Task Every_row_of_the_recording_is_kept_or_set_aside_and_its_values_are_the_files()
    {
        await using var product = await RunningProduct.StartAsync(
            ("Trains:Recordings:0", RecordedData.Path("sensors", "metropt", "metropt3-raw-1000.csv")), ("Trains:Speed", "120"), ("Trains:Count", "4"), ("Trains:FaultsPerHour", "0"));
        using var client = await product.SignInAsync("operator", "Operator One");
        var page = await chromium.NewPageAsync(product.Address);
        await page.SignInAsync("operator", "Operator One", "/alerts");

        var playing = PlayToEndAsync(client);
        await AcknowledgeWhatIsRaisedAsync(page, client, playing);
        var report = await playing;
        var setAside = report.GetProperty("setAside").EnumerateObject().Sum(reason => reason.Value.GetInt64());
        output.WriteLine($"rows read {report.GetProperty("rowsRead")} = kept {report.GetProperty("kept")} + set aside {setAside}");
        Assert.Equal((Rows, Rows), (report.GetProperty("rowsRead").GetInt32(), report.GetProperty("kept").GetInt32() + setAside));

        await LastRowIsShownAsync(client);
        await product.StopAsync();
        ValuesAreTheFiles(product.DataFolder, Rows - (int)setAside);
    }

    private static async Task<JsonElement> PlayToEndAsync(HttpClient client)
    {
        var finished = await Eventually.GetAsync<JsonDocument>("the recording is played and kept to its end", TimeSpan.FromMinutes(5), async () =>
        {
            var pipeline = await client.GetFromJsonAsync<JsonElement>("/api/health/pipeline");
            var report = pipeline.GetProperty("recordings").EnumerateArray().Single();
            var kept = pipeline.GetProperty("lagRecords") is { ValueKind: JsonValueKind.Number } lag && lag.GetInt64() < 100
                && pipeline.GetProperty("source").GetProperty("consumers").EnumerateArray().Single(consumer => consumer.GetProperty("consumer").GetString() == "raw").GetProperty("uncommittedRecords").GetInt64() < 100;
            return report.GetProperty("finished").GetBoolean() && kept ? JsonDocument.Parse(report.GetRawText()) : null;
        });
        return finished.RootElement;
    }

    // While the recording plays: at its end the train is gone and hears nothing more.
    private async Task AcknowledgeWhatIsRaisedAsync(IPage page, HttpClient client, Task playing)
    {
        while (!playing.IsCompleted)
        {
            var alert = (await client.FindAlertsAsync(Train)).FirstOrDefault(alert => alert.GetProperty("state").GetString() == "unacknowledged");
            if (alert.ValueKind == JsonValueKind.Undefined)
            {
                await Task.Delay(200);
                continue;
            }

            output.WriteLine($"an alert the detector raised on the recording: {alert.GetProperty("raisedAt")} {alert.GetProperty("explanation")}");
            var row = page.Locator($"li.alert[data-alert='{alert.GetProperty("id").GetString()}']");
            await page.RevealAsync(row);
            await row.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
            await page.Locator("#note").FillAsync("a recording, known");
            await page.Keyboard.PressAsync("Enter");
            var reported = row.Locator(".delivery[data-stage=reported]").WaitForAsync(new() { Timeout = 300_000 });
            if (await Task.WhenAny(reported, playing) == playing)
            {
                // On a busy machine the last row may be played before the note is written: then nobody is there to report.
                output.WriteLine("the recording ended before its train could report");
                return;
            }

            await reported;
            await page.ShootAsync("alerts-metropt-1440-dark");
            return;
        }
    }

    private static async Task LastRowIsShownAsync(HttpClient client)
    {
        await Eventually.IsTrueAsync("the train of a recording that has ended is offline", TimeSpan.FromSeconds(90), async () => (await client.GetTrainAsync(Train)).GetProperty("connectivity").GetString() == "offline");
        var train = await client.GetTrainAsync(Train);
        Assert.Equal(JsonValueKind.Null, train.GetProperty("position").ValueKind);
        Assert.Equal(15, train.GetProperty("sensors").GetArrayLength());
        Assert.Equal("2020-02-01T02:45:01", train.GetProperty("originalMeasuredAt").GetString()![..19]);
        var reservoir = train.GetProperty("sensors").EnumerateArray().Single(sensor => sensor.GetProperty("id").GetString() == "reservoirPressure.car1");
        Assert.Equal((9.568, "bar"), (reservoir.GetProperty("value").GetDouble(), reservoir.GetProperty("unit").GetString()));
    }

    private static void ValuesAreTheFiles(string dataFolder, int kept)
    {
        var lines = Directory.EnumerateFiles(Path.Combine(dataFolder, "raw"), "*.ndjson.gz", SearchOption.AllDirectories).SelectMany(ReadLines)
            .Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.GetProperty("trainId").GetString() == Train)
            .ToDictionary(line => line.GetProperty("originalMeasuredAt").GetDateTimeOffset());
        Assert.Equal(kept, lines.Count);
        foreach (var (at, sensor, value) in Written)
        {
            var line = lines[DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)];
            Assert.Equal(value, line.GetProperty("readings").GetProperty(sensor).GetDouble(), 6);
        }
    }

    private static IEnumerable<string> ReadLines(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
