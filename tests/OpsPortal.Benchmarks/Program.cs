using OpsPortal.Benchmarks;

// One command a benchmark; RESULTS.md has what was measured, with the command.
switch (args)
{
    case ["simulator", .. var more]:
        await SimulatorCost.RunAsync(more);
        return 0;
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/OpsPortal.Benchmarks -- simulator [trains] [seconds]");
        return 2;
}
