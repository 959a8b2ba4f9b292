using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Detection;

/// <content>The detector's memory as bytes: version, check sum, options it was taken with, state.</content>
public sealed partial class TrainDetector
{
    private const uint Magic = 0x31445254; // "TRD1": layout and version in one
    private const int CheckSumBytes = 16;

    /// <summary>Writes the whole state.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        using var state = new MemoryStream();
        using var writer = new BinaryWriter(state, Encoding.UTF8);
        WriteState(writer);
        writer.Flush();
        var bytes = state.GetBuffer().AsSpan(0, (int)state.Length);
        output.Write(BitConverter.GetBytes(Magic));
        output.Write(SHA256.HashData(bytes).AsSpan(0, CheckSumBytes));
        output.Write(bytes);
    }

    /// <summary>The whole state as bytes.</summary>
    public ReadOnlyMemory<byte> ToBytes()
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output);
        return output.WrittenMemory;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such state, damaged, another train's, or taken with other options; says which. Start with a new detector then.</exception>
    public static TrainDetector Read(Train train, DetectorOptions options, ReadOnlyMemory<byte> snapshot)
    {
        var bytes = snapshot.Span;
        if (bytes.Length < sizeof(uint) + CheckSumBytes || BitConverter.ToUInt32(bytes) != Magic)
        {
            throw new InvalidDataException("These bytes are no detector's state of a version known here.");
        }

        var state = bytes[(sizeof(uint) + CheckSumBytes)..];
        if (!SHA256.HashData(state).AsSpan(0, CheckSumBytes).SequenceEqual(bytes.Slice(sizeof(uint), CheckSumBytes)))
        {
            throw new InvalidDataException("The detector's state is damaged: its check sum is wrong.");
        }

        using var reader = new BinaryReader(new MemoryStream(state.ToArray(), false), Encoding.UTF8);
        try
        {
            return ReadState(train, options, reader);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or OverflowException)
        {
            throw new InvalidDataException("The detector's state is cut short or damaged.", e);
        }
    }

    private void WriteState(BinaryWriter writer)
    {
        writer.Write(Train.Identity.Id);
        writer.Write(Fingerprint(Train, _options));
        writer.Write(_newest.UtcTicks);
        writer.Write(_behindInRow);
        writer.Write(OutOfOrder);
        writer.Write(_newSensors.Count);
        foreach (var (sensor, messages) in _newSensors)
        {
            writer.Write(sensor);
            writer.Write(messages);
        }

        writer.Write(_warmUp.Count);
        _warmUp.ForEach(instant => instant.Write(writer));
        _episodes.Write(writer);
        writer.Write(_model is not null);
        _model?.Write(writer);
    }

    private static TrainDetector ReadState(Train train, DetectorOptions options, BinaryReader reader)
    {
        if (reader.ReadString() is var id && id != train.Identity.Id)
        {
            throw new InvalidDataException($"This is the state of train '{id}', not of '{train.Identity.Id}'.");
        }

        if (reader.ReadString() != Fingerprint(train, options))
        {
            throw new InvalidDataException("The detector's state was taken with other options, another interval or other sensors.");
        }

        var detector = new TrainDetector(train, options) { _newest = reader.ReadTime(), _behindInRow = reader.ReadInt32(), OutOfOrder = reader.ReadInt64() };
        for (var left = reader.ReadCount(options.MaxSensors); left > 0; left--)
        {
            detector._newSensors[reader.ReadString()] = reader.ReadInt32();
        }

        for (var left = reader.ReadCount(options.WarmUpMessages); left > 0; left--)
        {
            detector._warmUp.Add(Instant.Read(reader));
        }

        detector._episodes = Episodes.Read(reader, options, train.Identity);
        detector._model = reader.ReadBoolean() ? TrainModel.Read(reader, train, options) : null;
        return detector;
    }

    // What the state depends on besides the messages. Clearing and telling may change without harm to what was learnt, and are left out.
    private static string Fingerprint(Train train, DetectorOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"{options.Seed} {options.Trees} {options.SampleSize} {options.MemoryMessages} {options.WarmUpMessages} {options.MaxSensors} {options.ChangeOver.Ticks} {options.ScaleOver.Ticks} {train.ExpectedInterval.Ticks}");
}
