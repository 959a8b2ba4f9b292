namespace OpsPortal.Core.Warehouse;

/// <summary>
/// What a query comes to where each part of a WITH stands in every place that names it. So SQLite prepares it: parts that name each other twice double at every step, and while that goes on no
/// limit of time is looked at. Which names are tables' is told by what stands before them; names that only look so add a little.
/// </summary>
internal sealed class QueryRepeats(string text, IReadOnlyList<QueryToken> tokens)
{
    // Words and signs: more than the longest text has by itself.
    private const int Most = 200_000;

    // Of parts that rest on each other, and of brackets: each is some steps down the server's stack, and SQLite's is the process's.
    private const int Deepest = 100;
    private const int DeepestBracket = 1_000;

    // Of brackets that are closed, by their end.
    private readonly Dictionary<int, int> _beginnings = [];
    private Frame _frame = new(null, new Part());

    /// <exception cref="QueryRefusedException">Its parts repeat each other too often.</exception>
    public void Check()
    {
        var (whole, opened) = (_frame.Part, new Stack<int>());
        for (var at = 0; at < tokens.Count; at++)
        {
            if (Is(at, "("))
            {
                opened.Push(at);
                if (opened.Count > DeepestBracket)
                {
                    throw new QueryRefusedException($"More than {DeepestBracket:N0} brackets are open here.", tokens[at].Start);
                }

                _frame = Open(at);
            }
            else if (Is(at, ")") && opened.TryPop(out var beginning))
            {
                _beginnings[at] = beginning;
                _frame = Close(at - beginning);
            }
            else if (IsName(at) && IsAfterPlace(at) && !Is(at + 1, ".") && !Is(at + 1, "(") && !IsPart(at))
            {
                _frame.Part.Mentions.Add((Name(at), _frame));
            }
        }

        whole.Own = tokens.Count;
        Weigh(whole, 0);
    }

    private Frame Open(int bracket)
    {
        if (PartOf(bracket) is not { } name)
        {
            return new Frame(_frame, _frame.Part);
        }

        // Named once already: a window is written like a part, and stands where it is written.
        var part = new Part { Start = tokens[bracket].Start };
        _frame.Part.Mentions.Add((name, _frame));
        (_frame.Parts ??= new(StringComparer.Ordinal))[name] = part;
        return new Frame(_frame, part);
    }

    private Frame Close(int length)
    {
        var outer = _frame.Outer!;
        if (_frame.Part != outer.Part)
        {
            _frame.Part.Own = length;
        }

        return outer;
    }

    private static long Weigh(Part part, int above)
    {
        if (part.IsOpen)
        {
            // It rests on itself: a recursion, which is no repetition.
            return 1;
        }

        if (part.Weight is { } known)
        {
            return known;
        }

        // Looked at on the way down too: this is a step down a stack itself.
        RefuseDepth(part, above);
        part.IsOpen = true;
        var weight = (long)part.Own;
        foreach (var (name, frame) in part.Mentions)
        {
            if (Find(name, frame) is not { } named)
            {
                continue;
            }

            weight += Weigh(named, above + 1);
            part.Depth = Math.Max(part.Depth, named.Depth + 1);
            RefuseDepth(part, part.Depth);
            if (weight > Most)
            {
                throw new QueryRefusedException($"The parts of the query's WITH name each other so often that it comes to more than {Most:N0} words. Name each part once or twice.", part.Start);
            }
        }

        part.IsOpen = false;
        part.Weight = weight;
        return weight;
    }

    private static void RefuseDepth(Part part, int depth)
    {
        if (depth > Deepest)
        {
            throw new QueryRefusedException($"The parts of the query's WITH rest on each other more than {Deepest} deep. Ask in fewer steps.", part.Start);
        }
    }

    private static Part? Find(string name, Frame? frame)
    {
        while (frame is not null)
        {
            if (frame.Parts?.TryGetValue(name, out var part) == true)
            {
                return part;
            }

            frame = frame.Outer;
        }

        return null;
    }

    // "name AS (", "name (columns) AS NOT MATERIALIZED (".
    private string? PartOf(int bracket)
    {
        var at = bracket - 1;
        at -= Is(at, "materialized") ? 1 : 0;
        at -= Is(at, "not") ? 1 : 0;
        if (!Is(at, "as"))
        {
            return null;
        }

        at = _beginnings.TryGetValue(at - 1, out var columns) ? columns - 1 : at - 1;
        return IsName(at) ? Name(at) : null;
    }

    private bool IsPart(int name)
    {
        var at = name + 2;
        at += Is(at, "not") ? 1 : 0;
        at += Is(at, "materialized") ? 1 : 0;
        return Is(name + 1, "as") && Is(at, "(");
    }

    private bool IsAfterPlace(int at) => Is(at - 1, "from") || Is(at - 1, "join") || Is(at - 1, ",") || Is(at - 1, "(") || Is(at - 1, "in");

    // SQLite takes a text for a name where only a name can stand.
    private bool IsName(int at) => at >= 0 && tokens[at].Kind is QueryTokenKind.Word or QueryTokenKind.Quoted or QueryTokenKind.Text;

    // Letters of ASCII only have no case for SQLite.
    private string Name(int at)
    {
        var name = text[tokens[at].Start..tokens[at].End];
        name = name[0] is '"' or '\'' ? name[1..^1].Replace(new string(name[0], 2), name[..1], StringComparison.Ordinal) : name;
        return string.Create(name.Length, name, static (lower, name) =>
        {
            for (var i = 0; i < lower.Length; i++)
            {
                lower[i] = char.IsAsciiLetterUpper(name[i]) ? char.ToLowerInvariant(name[i]) : name[i];
            }
        });
    }

    private bool Is(int at, string what) =>
        at >= 0 && at < tokens.Count && tokens[at].Kind is QueryTokenKind.Word or QueryTokenKind.Symbol && text.AsSpan(tokens[at].Start, tokens[at].End - tokens[at].Start).Equals(what, StringComparison.OrdinalIgnoreCase);

    /// <summary>A bracket, the parts that are defined in it, and the part that it belongs to.</summary>
    private sealed class Frame(Frame? outer, Part part)
    {
        public Frame? Outer => outer;

        public Part Part => part;

        public Dictionary<string, Part>? Parts { get; set; }
    }

    /// <summary>A part of a WITH, or the whole query.</summary>
    private sealed class Part
    {
        public int Start { get; init; }

        public int Own { get; set; }

        public List<(string Name, Frame Frame)> Mentions { get; } = [];

        public int Depth { get; set; }

        public bool IsOpen { get; set; }

        public long? Weight { get; set; }
    }
}
