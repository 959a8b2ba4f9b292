using System.Buffers.Binary;
using System.Text;

namespace OpsPortal.Tests.Kit.Circuits;

/// <summary>An event that the server offers: on which element, of which class, by which number it is called.</summary>
internal sealed record OfferedEvent(string Element, string Class, string Name, long Handler);

/// <summary>A batch of rendered changes as the server sends it, looked at for the events in it.</summary>
internal static class Rendered
{
    private const int FrameLength = 20;

    public static IEnumerable<OfferedEvent> Events(byte[] batch)
    {
        int At(int place) => BinaryPrimitives.ReadInt32LittleEndian(batch.AsSpan(place));
        var (frames, texts) = (At(batch.Length - 16), At(batch.Length - 4));
        string Text(int index) => index < 0 ? "" : ReadText(batch, At(texts + (4 * index)));
        var (element, kind) = ("", "");
        var offered = new List<OfferedEvent>();
        for (var i = 0; i < At(frames); i++)
        {
            var frame = frames + 4 + (i * FrameLength);
            switch (At(frame))
            {
                case 1:
                    (element, kind) = (Text(At(frame + 8)), "");
                    break;
                case 3:
                    var name = Text(At(frame + 4));
                    kind = name == "class" ? Text(At(frame + 8)) : kind;
                    if (BinaryPrimitives.ReadInt64LittleEndian(batch.AsSpan(frame + 12)) is > 0 and var handler)
                    {
                        offered.Add(new OfferedEvent(element, kind, name, handler));
                    }

                    break;
            }
        }

        return offered;
    }

    private static string ReadText(byte[] batch, int at)
    {
        var (length, shift) = (0, 0);
        byte next;
        do
        {
            next = batch[at++];
            length |= (next & 0x7f) << shift;
            shift += 7;
        }
        while (next >= 0x80);
        return Encoding.UTF8.GetString(batch, at, length);
    }
}
