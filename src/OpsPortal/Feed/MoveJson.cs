using System.Text.Json;
using System.Text.Json.Serialization;
using OpsPortal.Api;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Feed;

/// <summary>What can change of a known train, as a short row: most of the feed's bytes are these.</summary>
[JsonConverter(typeof(MoveConverter))]
internal readonly record struct MoveJson(TrainView View);

/// <summary>Writes <c>[id, latitude, longitude, headingDeg, speedKmh, km, connectivity, worstAlert, measuredAtMs, receivedAtMs]</c>, and where they say more, <c>positionAtMs, originalMeasuredAtMs, 1</c> after them, the 1 of a position that is suspect.</summary>
internal sealed class MoveConverter : JsonConverter<MoveJson>
{
    public override MoveJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Moves are only ever written.");

    public override void Write(Utf8JsonWriter writer, MoveJson value, JsonSerializerOptions options)
    {
        var (state, position) = (value.View.State, value.View.State.Position);
        writer.WriteStartArray();
        writer.WriteStringValue(state.Train.Identity.Id);
        Number(writer, position?.Latitude, 6);
        Number(writer, position?.Longitude, 6);
        Number(writer, position?.HeadingDeg, 1);
        Number(writer, position?.SpeedKmh, 1);
        Number(writer, position?.Km, 3);
        writer.WriteStringValue(WireJson.Word(value.View.Connectivity));
        writer.WriteStringValue(value.View.WorstAlert is { } severity ? WireJson.Word(severity) : null);
        Time(writer, state.MeasuredAt);
        Time(writer, state.ReceivedAt);
        WriteRest(writer, state);
        writer.WriteEndArray();
    }

    // Most trains know where they are and are no recording: their rows end before this.
    private static void WriteRest(Utf8JsonWriter writer, TrainState state)
    {
        var isSuspect = state.Position is { Suspect: true };
        if (!isSuspect && state.OriginalMeasuredAt is null && (state.Position is null || state.Position.MeasuredAt == state.MeasuredAt))
        {
            return;
        }

        Time(writer, state.Position?.MeasuredAt);
        if (state.OriginalMeasuredAt is not null || isSuspect)
        {
            Time(writer, state.OriginalMeasuredAt);
        }

        if (isSuspect)
        {
            writer.WriteNumberValue(1);
        }
    }

    private static void Number(Utf8JsonWriter writer, double? value, int decimals)
    {
        if (value is { } number && double.IsFinite(number))
        {
            writer.WriteNumberValue(Math.Round(number, decimals));
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static void Time(Utf8JsonWriter writer, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            writer.WriteNumberValue(at.ToUnixTimeMilliseconds());
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
