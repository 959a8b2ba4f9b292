using System.Reflection;
using System.Text.Json;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Finds everything in a descriptor's JSON that is no field, or not of its field's kind, each with where it stands.</summary>
internal sealed class DescriptorText
{
    // Further apart than this two names have nothing to do with each other.
    private const int MostEdits = 3;

    private readonly List<string> _mistakes = [];

    public static IReadOnlyList<string> Find(JsonElement json)
    {
        var text = new DescriptorText();
        text.Check(json, typeof(RecordingDescriptor), "");
        return text._mistakes;
    }

    private void Check(JsonElement json, Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            CheckList(json, type.GetGenericArguments()[0], path);
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            CheckFields(json, path, _ => type.GetGenericArguments()[1]);
        }
        else if (type == typeof(string) || type.IsPrimitive)
        {
            CheckValue(json, type, path);
        }
        else
        {
            var fields = Fields(type);
            CheckFields(json, path, name => fields.GetValueOrDefault(name) ?? Unknown(path, name, fields.Keys), mayBeNull: true);
        }
    }

    private void CheckList(JsonElement json, Type of, string path)
    {
        if (Is(json, JsonValueKind.Array, path, "a list: [ … ]"))
        {
            foreach (var (item, i) in json.EnumerateArray().Select((item, i) => (item, i)))
            {
                CheckThere(item, of, $"{path}[{i}]", mayBeNull: false);
            }
        }
    }

    private void CheckFields(JsonElement json, string path, Func<string, Type?> typeOf, bool mayBeNull = false)
    {
        if (Is(json, JsonValueKind.Object, path, "an object: { … }"))
        {
            foreach (var field in json.EnumerateObject())
            {
                if (typeOf(field.Name) is { } type)
                {
                    CheckThere(field.Value, type, path.Length == 0 ? field.Name : $"{path}.{field.Name}", mayBeNull);
                }
            }
        }
    }

    // A field that is null is a field left out; nothing is in its place in a list.
    private void CheckThere(JsonElement json, Type type, string path, bool mayBeNull)
    {
        if (json.ValueKind != JsonValueKind.Null)
        {
            Check(json, type, path);
        }
        else if (!mayBeNull)
        {
            _mistakes.Add($"{path} is null");
        }
    }

    private void CheckValue(JsonElement json, Type type, string path)
    {
        var (isRight, wanted) = type switch
        {
            _ when type == typeof(string) => (json.ValueKind == JsonValueKind.String, "a text"),
            _ when type == typeof(bool) => (json.ValueKind is JsonValueKind.True or JsonValueKind.False, "true or false"),
            _ when type == typeof(int) => (json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out _), "a whole number"),
            _ => (json.ValueKind == JsonValueKind.Number, "a number"),
        };
        if (!isRight)
        {
            _mistakes.Add($"{path} is {json.GetRawText()} and must be {wanted}");
        }
    }

    private bool Is(JsonElement json, JsonValueKind kind, string path, string wanted)
    {
        if (json.ValueKind != kind)
        {
            _mistakes.Add($"{(path.Length == 0 ? "the descriptor" : path)} must be {wanted}");
        }

        return json.ValueKind == kind;
    }

    private Type? Unknown(string path, string name, IEnumerable<string> known)
    {
        var nearest = known.MinBy(field => Edits(name, field))!;
        var hint = Edits(name, nearest) <= MostEdits ? $"; is it {nearest}?" : $"; there are {string.Join(", ", known)}";
        _mistakes.Add($"{(path.Length == 0 ? name : $"{path}.{name}")} is no field of a descriptor{hint}");
        return null;
    }

    // What a record is made of; what it works out itself is no field.
    private static Dictionary<string, Type> Fields(Type record) =>
        record.GetConstructors(BindingFlags.Public | BindingFlags.Instance).MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters()
            .ToDictionary(parameter => JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!), parameter => parameter.ParameterType, StringComparer.OrdinalIgnoreCase);

    // How many letters must be put in, left out or changed to make the one of the other.
    private static int Edits(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var (before, diagonal) = (row[0]++, 0);
            for (var j = 1; j <= other.Length; j++)
            {
                (diagonal, before) = (before, row[j]);
                var same = char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + same);
            }
        }

        return row[^1];
    }
}
