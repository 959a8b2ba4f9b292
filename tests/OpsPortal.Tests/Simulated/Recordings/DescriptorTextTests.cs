using OpsPortal.Adapters.Simulated.Recordings;

namespace OpsPortal.Tests.Simulated.Recordings;

/// <summary>Descriptors as hands write them.</summary>
public sealed class DescriptorTextTests : IDisposable
{
    private readonly RecordingFolder _folder = new();

    [Fact]
    public void Every_mistake_in_the_json_is_said_at_once_with_where_it_stands_and_what_was_meant()
    {
        var mistakes = _folder.Mistakes("""
            { "train": { "id": 7, "nam": "Pump" }, "seperator": ";", "sorted": "yes", "skipLines": 1.5, "tiem": {}, "raw": "said", "ignored": [ null ], "expectedIntervalSeconds": "10",
              "words": { "kind": null }, "position": [], "columns": [ null, { "column": "oil", "sensor": null, "values": { "open": "1" } } ], "wheelArrangement": 1 }
            """, "at;oil\n");

        foreach (var expected in new[]
        {
            "train.id is 7 and must be a text", "train.nam is no field of a descriptor; is it name?", "seperator is no field of a descriptor; is it separator?", "sorted is \"yes\" and must be true or false",
            "skipLines is 1.5 and must be a whole number", "tiem is no field of a descriptor; is it time?", "raw must be a list", "ignored[0] is null", "expectedIntervalSeconds is \"10\" and must be a number",
            "words.kind is null", "position must be an object", "columns[0] is null", "columns[1].values.open is \"1\" and must be a number", "wheelArrangement is no field of a descriptor; there are files, source, train,",
        })
        {
            Assert.Contains("wrong.csv.json: " + expected, mistakes, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    public void What_is_no_object_is_no_descriptor(string json) => Assert.Equal("wrong.csv.json: the descriptor must be an object: { … }", _folder.Mistakes(json, "at;oil\n"));

    [Fact]
    public void What_is_no_json_says_where() => Assert.Contains("wrong.csv.json: is no JSON: ", _folder.Mistakes("{ \"train\": }", "at;oil\n"), StringComparison.Ordinal);

    [Fact]
    public void Everything_left_out_is_said_and_nothing_is_thrown() => Assert.Contains("train.id must be", _folder.Mistakes("{}", "at;oil\n"), StringComparison.Ordinal);

    [Fact]
    public void Fields_may_be_null_and_names_in_any_case()
    {
        var descriptor = RecordingFolder.Pump.Replace("\"separator\"", "\"WORDS\": null, \"position\": null, \"Separator\"", StringComparison.Ordinal);

        Assert.Empty(RecordingFile.Find(_folder.Write("pump.csv", descriptor, "at;oil\n2026-01-01 00:00:00;1\n")).Mistakes);
    }

    public void Dispose() => _folder.Dispose();
}
