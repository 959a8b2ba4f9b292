using System.Buffers.Binary;
using System.Text;

namespace OpsPortal.Tests.Kit.Circuits;

/// <summary>As much of MessagePack as circuits speak: nil, booleans, whole numbers, texts, bytes, lists and maps.</summary>
internal static class Packed
{
    /// <summary>Writes a value: null, bool, int, long, string, byte[] or a list of these.</summary>
    public static byte[] Write(object? value)
    {
        var bytes = new List<byte>();
        Write(bytes, value);
        return [.. bytes];
    }

    /// <summary>Reads one value and moves on; maps come as lists of keys and values in turn.</summary>
    public static object? Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        var kind = bytes[at++];
        switch (kind)
        {
            case <= 0x7f:
                return (long)kind;
            case <= 0x8f:
                return List(bytes, ref at, 2 * (kind & 0x0f));
            case <= 0x9f:
                return List(bytes, ref at, kind & 0x0f);
            case <= 0xbf:
                return Text(bytes, ref at, kind & 0x1f);
            case 0xc0:
                return null;
            case 0xc2 or 0xc3:
                return kind == 0xc3;
            case 0xc4 or 0xc5 or 0xc6:
                var length = Number(bytes, ref at, 1 << (kind - 0xc4));
                at += (int)length;
                return bytes[(at - (int)length)..at].ToArray();
            case 0xcb:
                at += 8;
                return BinaryPrimitives.ReadDoubleBigEndian(bytes[(at - 8)..]);
            case >= 0xcc and <= 0xcf:
                return Number(bytes, ref at, 1 << (kind - 0xcc));
            case >= 0xd0 and <= 0xd3:
                return Number(bytes, ref at, 1 << (kind - 0xd0));
            case >= 0xd9 and <= 0xdb:
                return Text(bytes, ref at, (int)Number(bytes, ref at, 1 << (kind - 0xd9)));
            case 0xdc or 0xdd:
                return List(bytes, ref at, (int)Number(bytes, ref at, kind == 0xdc ? 2 : 4));
            case 0xde or 0xdf:
                return List(bytes, ref at, 2 * (int)Number(bytes, ref at, kind == 0xde ? 2 : 4));
            case >= 0xe0:
                return (long)(sbyte)kind;
            default:
                throw new InvalidDataException($"0x{kind:x2} is not spoken here.");
        }
    }

    private static void Write(List<byte> bytes, object? value)
    {
        switch (value)
        {
            case null:
                bytes.Add(0xc0);
                break;
            case bool flag:
                bytes.Add(flag ? (byte)0xc3 : (byte)0xc2);
                break;
            case int or long:
                bytes.Add(0xd3);
                Big(bytes, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture), 8);
                break;
            case string text:
                var utf8 = Encoding.UTF8.GetBytes(text);
                bytes.Add(0xdb);
                Big(bytes, utf8.Length, 4);
                bytes.AddRange(utf8);
                break;
            case byte[] blob:
                bytes.Add(0xc6);
                Big(bytes, blob.Length, 4);
                bytes.AddRange(blob);
                break;
            case IReadOnlyList<object?> list:
                bytes.Add(0xdc);
                Big(bytes, list.Count, 2);
                foreach (var item in list)
                {
                    Write(bytes, item);
                }

                break;
            default:
                throw new ArgumentException($"{value.GetType()} is not spoken here.", nameof(value));
        }
    }

    private static void Big(List<byte> bytes, long value, int length)
    {
        for (var shift = 8 * (length - 1); shift >= 0; shift -= 8)
        {
            bytes.Add((byte)(value >> shift));
        }
    }

    private static long Number(ReadOnlySpan<byte> bytes, ref int at, int length)
    {
        long value = 0;
        for (var i = 0; i < length; i++)
        {
            value = (value << 8) | bytes[at++];
        }

        return value;
    }

    private static string Text(ReadOnlySpan<byte> bytes, ref int at, int length)
    {
        at += length;
        return Encoding.UTF8.GetString(bytes[(at - length)..at]);
    }

    private static List<object?> List(ReadOnlySpan<byte> bytes, ref int at, int length)
    {
        var list = new List<object?>(length);
        for (var i = 0; i < length; i++)
        {
            list.Add(Read(bytes, ref at));
        }

        return list;
    }
}
