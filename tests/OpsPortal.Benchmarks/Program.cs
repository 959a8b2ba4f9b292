using OpsPortal.Benchmarks;

// One command a benchmark; RESULTS.md has what was measured, with the command.
switch (args)
{
    case ["simulator", .. var more]:
        await SimulatorCost.RunAsync(more);
        return 0;
    case ["painted", .. var more]:
        await Painted.RunAsync(more);
        return 0;
    case ["throughput", .. var more]:
        await Throughput.RunAsync(more);
        return 0;
    case ["memory", .. var more]:
        await Memory.RunAsync(more);
        return 0;
    case ["weights"]:
        await Weights.RunAsync();
        return 0;
    case ["search-bulk", _, ..]:
        await SearchBulk.RunAsync(args[1..]);
        return 0;
    case ["search-follower", _, ..]:
        await SearchFollower.RunAsync(args[1..]);
        return 0;
    case ["download", .. var more]:
        await Download.RunAsync(more);
        return 0;
    default:
        Console.Error.WriteLine("""
            Usage: dotnet run -c Release --project tests/OpsPortal.Benchmarks -- COMMAND
              simulator [trains] [seconds]   what the simulated fleet itself costs
              painted [trains] [seconds]     from a measurement to the paint that shows it
              throughput [trains] [minutes]  messages a second through detect-and-keep on one core
              memory [trains] [watchers]     resident memory, and what each watching browser adds
              weights                        bytes of each page on first sight
              download [rows] [rounds]       a result as CSV through the product against a bare reader loop, on SQLite and on PostgreSQL
                                             (after dotnet build tests/OpsPortal.Tests, which starts PostgreSQL)
              search-bulk ENDPOINT [documents]            (as OPENSEARCH_URL has it) bulk indexing through the adapter against a bare loop
              search-follower ENDPOINT [rate] [seconds]   from visible in OpenSearch to told
            """);
        return 2;
}
