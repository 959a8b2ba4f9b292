using System.Text;
using Microsoft.AspNetCore.Http;

namespace OpsPortal.Tests.Kit.Aws;

/// <summary>What a peer answers.</summary>
public sealed record PeerAnswer(int Status, string Body = "")
{
    public string ContentType { get; init; } = "application/json";

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Answered in place of the body where it is no text.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>Cut the connection instead of answering.</summary>
    public bool Cut { get; init; }

    /// <summary>An error as AWS's JSON services tell it.</summary>
    public static PeerAnswer Error(int status, string code, string message = "") =>
        new(status, $$"""{"message":"{{message}}"}""") { Headers = [("x-amzn-ErrorType", code)] };

    internal async Task WriteAsync(HttpContext context)
    {
        if (Cut)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = Status;
        context.Response.ContentType = ContentType;
        foreach (var (name, value) in Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.Body.WriteAsync(Bytes ?? Encoding.UTF8.GetBytes(Body), context.RequestAborted);
    }
}
