using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Benchmarks;

/// <summary>Resident memory of the whole product with a fleet, and what each watching browser adds: raw watchers that speak the hub's language and read all.</summary>
internal static class Memory
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(string[] args)
    {
        var trains = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000;
        var watchers = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 50;
        await using var product = await PortalKit.StartAsync(trains);
        using var client = await product.SignInAsync("executive", "Benchmark");
        await PortalKit.CatchUpAsync(client, trains);
        await Task.Delay(Settle);
        var before = ProcessCost.ResidentMb(product.ProcessId);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{trains} trains, caught up: {before:0} MB resident; load {ProcessCost.Load()}"));

        using var stop = new CancellationTokenSource();
        var token = client.DefaultRequestHeaders.Authorization!.Parameter!;
        var reading = new List<Task<long>>();
        for (var i = 0; i < watchers; i++)
        {
            reading.Add(await WatchAsync(product, token, stop.Token));
        }

        await Task.Delay(Settle);
        var with = ProcessCost.ResidentMb(product.ProcessId);
        await stop.CancelAsync();
        var bytes = (await Task.WhenAll(reading)).Sum();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"with {watchers} watchers: {with:0} MB resident, {(with - before) / watchers:0.00} MB each; each read {bytes / 1e3 / watchers / Settle.TotalSeconds:0} KB a second; load {ProcessCost.Load()}"));
    }

    private static async Task<Task<long>> WatchAsync(RunningProduct product, string token, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await socket.ConnectAsync(new Uri($"ws://localhost:{product.Port}/hubs/feed"), cancellationToken);
        await SendAsync(socket, """{"protocol":"json","version":1}""", cancellationToken);
        await SendAsync(socket, """{"type":1,"invocationId":"1","target":"Watch","arguments":[{}]}""", cancellationToken);
        return Task.Run(() => ReadAsync(socket, cancellationToken), CancellationToken.None);
    }

    private static Task SendAsync(ClientWebSocket socket, string message, CancellationToken cancellationToken) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + '\u001e').AsMemory(), WebSocketMessageType.Text, true, cancellationToken).AsTask();

    private static async Task<long> ReadAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var total = 0L;
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    throw new InvalidOperationException("The hub closed a watcher's connection: the figure would be of fewer watchers than said.");
                }

                total += part.Count;
            }
        }
        catch (OperationCanceledException)
        {
            return total;
        }
        finally
        {
            socket.Dispose();
        }
    }
}
