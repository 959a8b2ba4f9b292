using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpsPortal.Adapters.Aws.S3;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Aws.S3;

/// <summary>FLT-17: this machine's clock is more than 15 minutes off S3's.</summary>
[Trait("Peer", "S3")]
[Trait("Fault", "FLT-17")]
public sealed class ClockTests
{
    private static readonly TimeSpan Allowed = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(20, "behind")]
    [InlineData(-20, "ahead of")]
    public async Task A_clock_that_is_off_is_reported_at_start_and_links_hold_by_S3s_clock(int minutes, string word)
    {
        var theirs = TimeSpan.FromMinutes(minutes);
        var refused = 0;
        await using var peer = await LoopbackPeer.StartAsync(request =>
        {
            var now = TimeProvider.System.GetUtcNow() + theirs;
            if (request.Header("X-Amz-Date") is { } date && (Time(date) - now).Duration() > Allowed)
            {
                Interlocked.Increment(ref refused);
                return At(now, S3Answers.Error(request, 403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."));
            }

            return At(now, request.Method == "HEAD" ? S3Answers.Head() : request.Query.Contains("list-type", StringComparison.Ordinal) ? S3Answers.Listing() : S3Answers.Byte);
        });
        await using var rig = S3Rig.At(peer);
        var process = rig.Open();

        // What starts with the product.
        using var watch = ActivatorUtilities.CreateInstance<S3Watch>(process.Get<IServiceProvider>());
        await ((IHostedService)watch).StartAsync(default);
        await Eventually.IsTrueAsync("the clock is reported", Patience, () => Task.FromResult(process.Get<S3Health>().Get().Problem is not null));
        await ((IHostedService)watch).StopAsync(default);
        var way = (RawFileWay.Presigned)(await S3Rig.FilesOf(process).LinkAsync(Scope.WholeFleet, S3Answers.Key, default))!.Way!;

        Assert.Contains("clock is 1", process.Get<S3Health>().Get().Problem, StringComparison.Ordinal);
        Assert.Contains(word, process.Get<S3Health>().Get().Problem, StringComparison.Ordinal);
        Assert.Equal(1, refused);
        var signed = Time(way.Address.Query.Split("X-Amz-Date=")[1].Split('&')[0]);
        Assert.InRange(signed - (TimeProvider.System.GetUtcNow() + theirs), TimeSpan.FromSeconds(-10), TimeSpan.FromSeconds(10));
        Assert.InRange(way.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(280), TimeSpan.FromSeconds(300));
    }

    [Fact]
    public async Task A_clock_that_is_right_is_not_mentioned()
    {
        await using var peer = await LoopbackPeer.StartAsync(request => S3Answers.Head());
        await using var rig = S3Rig.At(peer);
        var process = rig.Open();

        await S3Rig.FilesOf(process).GetStateAsync(Scope.WholeFleet, S3Answers.Key, default);

        Assert.Equal(TimeSpan.Zero, process.Get<S3Clock>().Offset);
        Assert.Null(process.Get<S3Health>().Get().Problem);
    }

    [Fact]
    public async Task A_HEAD_refused_for_its_time_without_words_is_mended_by_the_read_behind_it()
    {
        var theirs = TimeSpan.FromMinutes(20);
        await using var peer = await LoopbackPeer.StartAsync(request =>
        {
            var now = TimeProvider.System.GetUtcNow() + theirs;
            return At(now, (Time(request.Header("X-Amz-Date")!) - now).Duration() > Allowed
                ? S3Answers.Error(request, 403, "RequestTimeTooSkewed")
                : request.Method == "HEAD" ? S3Answers.Head() : S3Answers.Byte);
        });
        await using var rig = S3Rig.At(peer);

        var state = (await S3Rig.FilesOf(rig.Open()).GetStateAsync(Scope.WholeFleet, S3Answers.Key, default))!;

        Assert.Equal(RawFileAvailability.Available, state.Availability);
        Assert.Equal(["HEAD", "GET", "GET", "HEAD"], peer.Received.Select(request => request.Method));
    }

    private static PeerAnswer At(DateTimeOffset now, PeerAnswer answer) =>
        answer with { Headers = [.. answer.Headers, ("Date", now.ToString("R", CultureInfo.InvariantCulture))] };

    private static DateTimeOffset Time(string date) =>
        DateTimeOffset.ParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
