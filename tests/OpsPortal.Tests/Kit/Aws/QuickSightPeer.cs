using System.Text.Json;

namespace OpsPortal.Tests.Kit.Aws;

/// <summary>QuickSight on the loopback: answers GenerateEmbedUrlForRegisteredUser as it is documented, to whoever signs rightly. No real one was seen.</summary>
internal sealed class QuickSightPeer : IAsyncDisposable
{
    public const string Account = "111122223333";
    public const string Readers = "arn:aws:quicksight:us-east-1:111122223333:user/default/fleet-readers";

    /// <summary>What opens the dashboard for whoever has it.</summary>
    public const string Code = "AYABeIs-single-use-code";

    public const string EmbedUrl = "https://eu-west-2.quicksight.aws.amazon.com/embed/4112dc53/dashboards/fleet-1?code=" + Code + "&identityprovider=quicksight&isauthcode=true";

    private readonly TimeProvider _time;
    private LoopbackPeer _peer = null!;

    private QuickSightPeer(TimeProvider time) => _time = time;

    /// <summary>Answered first, while there are any.</summary>
    public Queue<PeerAnswer> Answers { get; } = new();

    public IReadOnlyList<ReceivedRequest> Received => _peer.Received;

    public JsonElement LastBody => JsonSerializer.Deserialize<JsonElement>(Received[^1].Text);

    /// <summary>Configuration of a product that shows its dashboard.</summary>
    public (string Key, string Value)[] Settings =>
        [("QuickSight:AccountId", Account), ("QuickSight:DashboardId", "fleet-1"), ("QuickSight:UserArn", Readers), ("QuickSight:Region", "eu-west-2"), ("QuickSight:Endpoint", _peer.Address.AbsoluteUri)];

    public static async Task<QuickSightPeer> StartAsync(TimeProvider? time = null)
    {
        var peer = new QuickSightPeer(time ?? TimeProvider.System);
        peer._peer = await LoopbackPeer.StartAsync(peer.Answer);
        return peer;
    }

    /// <summary>An error as the service tells it.</summary>
    public static PeerAnswer Error(int status, string code) => PeerAnswer.Error(status, code, "told by the peer") with { Headers = [("x-amzn-ErrorType", $"{code}:http://internal.amazon.com/"), ("x-amzn-RequestId", "r-1")] };

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private PeerAnswer Answer(ReceivedRequest request)
    {
        var check = new SignatureCheck("quicksight", "eu-west-2", id => id == ScriptedKeys.Known.Id ? ScriptedKeys.Known : null, _time);
        if (check.Refuse(request) is { } refusal)
        {
            return refusal;
        }

        if (Answers.TryDequeue(out var answer))
        {
            return answer;
        }

        return (request.Method, request.Target) == ("POST", $"/accounts/{Account}/embed-url/registered-user")
            ? new PeerAnswer(200, $$"""{"Status":200,"EmbedUrl":"{{EmbedUrl}}","RequestId":"5b1e"}""")
            : Error(404, "ResourceNotFoundException");
    }
}
