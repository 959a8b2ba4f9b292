using OpsPortal.Adapters.Simulated.Recordings;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Simulated.Recordings;

public sealed class TrainIdsTests : IDisposable
{
    private const string Trains = """
        { "train": { "id": "{code}" }, "time": { "column": "at", "format": "iso" }, "expectedIntervalSeconds": 10,
          "position": { "latitude": "north", "longitude": "east" } }
        """;

    private readonly RecordingFolder _folder = new();

    [Theory]
    [InlineData("bus-7")]
    [InlineData("a:B_9")]
    public void What_is_an_id_stays_as_it_is(string id) => Assert.Equal(id, TrainIds.Of(id));

    [Theory]
    [InlineData("IC 123")]
    [InlineData("IC.123")]
    [InlineData("IC/123")]
    [InlineData("IC_123\n")]
    public void What_is_not_allowed_becomes_an_underscore_and_a_hash_keeps_two_trains_apart(string said)
    {
        var id = TrainIds.Of(said);

        Assert.StartsWith("IC_123", id, StringComparison.Ordinal);
        Assert.True(TelemetryParser.IsTrainId(id), id);
        Assert.Equal(id, TrainIds.Of(said));
        Assert.DoesNotContain(id, new[] { "IC_123", "IC 123", "IC.123", "IC/123", "IC_123\n" }.Where(other => other != said).Select(TrainIds.Of));
    }

    [Fact]
    public void An_id_that_is_too_long_is_cut()
    {
        var (one, two) = (TrainIds.Of(new string('W', 300)), TrainIds.Of(new string('W', 301)));

        Assert.Equal((128, 128), (one.Length, two.Length));
        Assert.NotEqual(one, two);
    }

    [Fact]
    public void A_train_keeps_what_it_is_called_as_its_name_and_one_without_a_name_is_none()
    {
        var file = _folder.Find(Trains, "at,code,north,east\n2026-01-01T00:00:00Z,IC 123,50,8\n2026-01-01T00:00:00Z,Δ-4,51,8\n2026-01-01T00:00:01Z,,50,8\n");

        var (messages, report) = RecordingFolder.ReadAll(file);

        Assert.Equal([TrainIds.Of("IC 123"), TrainIds.Of("Δ-4")], messages.Select(message => message.TrainId));
        Assert.Equal(1, report.SetAside["badTrainId"]);
        Assert.Equal(["IC 123", "Δ-4"], RecordingSurvey.Of(file, TimeSpan.Zero).Trains.Select(train => train.Name));
    }

    [Fact]
    public void A_column_left_empty_makes_no_train_of_the_rest() =>
        Assert.Equal(1, _folder.Read(Trains.Replace("{code}", "bus-{code}", StringComparison.Ordinal), "at,code,north,east\n2026-01-01T00:00:00Z,,50,8\n2026-01-01T00:00:00Z,7,50,8\n").Report.SetAside["badTrainId"]);

    [Fact]
    public void A_file_may_be_called_anything()
    {
        var file = _folder.Find(RecordingFolder.Pump.Replace("pump-1", "{file}", StringComparison.Ordinal), "at;oil\n2026-01-01 00:00:00;1\n", "My pump (1).csv");

        Assert.Equal(TrainIds.Of("My pump (1)"), Assert.Single(RecordingFolder.ReadAll(file).Messages).TrainId);
        Assert.Equal(TrainIds.Of("My pump (1)"), file.OneTrain);
    }

    public void Dispose() => _folder.Dispose();
}
