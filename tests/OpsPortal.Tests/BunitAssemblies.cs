using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace OpsPortal.Tests;

internal static class BunitAssemblies
{
    /// <summary>Answers for the version of AngleSharp.Diffing that bunit names with the one that is there; see build/Bunit.targets.</summary>
    [ModuleInitializer]
    internal static void AnswerForDiffing() =>
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name == "AngleSharp.Diffing"
                ? context.LoadFromAssemblyPath(Path.Combine(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!, "AngleSharp.Diffing.dll"))
                : null;
}
