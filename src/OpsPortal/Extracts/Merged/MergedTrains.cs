using OpsPortal.Core.Access;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Extracts.Merged;

/// <summary>
/// Which of the trains asked for a user may see now. A file holds a depot's hour, also of trains that have moved to another depot since: rows go by the train, not by the file.
/// </summary>
internal sealed class MergedTrains(ITrainStore trains)
{
    /// <summary>Those inside the scope, as the store of trains says.</summary>
    public async Task<IReadOnlyList<string>> InsideAsync(Scope scope, IReadOnlyList<string> asked, CancellationToken cancellationToken)
    {
        if (scope.IsWholeFleet)
        {
            return asked;
        }

        var inside = new List<string>();
        foreach (var train in asked)
        {
            if (await trains.GetAsync(scope, train, cancellationToken) is not null)
            {
                inside.Add(train);
            }
        }

        return inside;
    }
}
