// Classes start a fleet and a browser of their own, and what they assert is what appears in time: one after the other, in three rows that go side by
// side. Most of a journey's time passes in waiting.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly, MaxParallelThreads = 3)]

namespace OpsPortal.Browser.Tests;

/// <summary>Journeys whose time passes in waiting for a tunnel's end, or for a recording to be played.</summary>
internal static class Patient
{
    public const string Collection = "Patient";
}
