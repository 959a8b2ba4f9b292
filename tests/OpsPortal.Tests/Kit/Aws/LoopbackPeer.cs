using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OpsPortal.Tests.Kit.Aws;

/// <summary>An HTTP server on a free port of the loopback that answers as it is told, and keeps what it received.</summary>
public sealed class LoopbackPeer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedRequest> _received = new();
    private readonly Func<ReceivedRequest, CancellationToken, Task<PeerAnswer>> _answer;

    private readonly bool _keep;

    private LoopbackPeer(Func<ReceivedRequest, CancellationToken, Task<PeerAnswer>> answer, int port, X509Certificate2? certificate, bool keep)
    {
        (_answer, _keep) = (answer, keep);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Everything received so far, in order.</summary>
    public IReadOnlyList<ReceivedRequest> Received => [.. _received];

    /// <param name="port">0 for a free one.</param>
    /// <param name="certificate">For https.</param>
    /// <param name="keep">Whether what was received is kept: not by a peer that runs for long.</param>
    public static async Task<LoopbackPeer> StartAsync(Func<ReceivedRequest, CancellationToken, Task<PeerAnswer>> answer, int port = 0, X509Certificate2? certificate = null, bool keep = true)
    {
        var peer = new LoopbackPeer(answer, port, certificate, keep);
        await peer._app.StartAsync();
        return peer;
    }

    /// <summary>A peer that needs no waiting to answer.</summary>
    public static Task<LoopbackPeer> StartAsync(Func<ReceivedRequest, PeerAnswer> answer) =>
        StartAsync((request, _) => Task.FromResult(answer(request)));

    public async ValueTask DisposeAsync()
    {
        // Does not wait for requests that hang on purpose.
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = await ReceivedRequest.ReadAsync(context);
        if (_keep)
        {
            _received.Enqueue(request);
        }

        await (await _answer(request, context.RequestAborted)).WriteAsync(context);
    }
}
