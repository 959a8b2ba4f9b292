using Microsoft.Net.Http.Headers;
using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Extracts;

/// <summary>The way to one file's bytes: a link that stays good leads to an address that is good for minutes.</summary>
internal static class RawFileEndpoints
{
    private const string NotThere = "There is no such file in your extracts.";

    public static void MapRawFiles(this IEndpointRouteBuilder api)
    {
        api.MapGet("/extracts/{id}/files/{number}", LinkAsync).WithTags("Extracts")
            .WithSummary("Leads to the file's bytes: an address signed at this moment, good for minutes, for this one file.")
            .Produces(StatusCodes.Status307TemporaryRedirect).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status410Gone);
        // Like a presigned address of S3 it is for whoever holds it, and no part of the description.
        api.MapGet("/raw-files", ServeAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> LinkAsync(string id, string number, HttpContext context, ExtractDesk desk, ExtractGate gate, IExtractStore store, IRawFiles files, RawFileTickets tickets)
    {
        var (user, cancellationToken) = (context.User.ToUser(), context.RequestAborted);
        var (extract, refusal) = await gate.OpenAsync(context, id);
        if (extract is null)
        {
            return refusal!;
        }

        // Role, scope, extract and token are looked at here, at each file: nothing is signed on account of what held before.
        if (!long.TryParse(number, out var at) || await store.GetFileAsync(user.Scope, id, at, cancellationToken) is not { } file
            || await files.LinkAsync(user.Scope, file.Key, cancellationToken) is not { } link)
        {
            return Problem.Of(StatusCodes.Status404NotFound, NotThere, "number");
        }

        if (link.Way is not { } way)
        {
            return Problem.Of(StatusCodes.Status409Conflict, link.State.Reason ?? "The file cannot be had now.", "number", WireJson.Word(link.State.Availability));
        }

        await desk.NoteFetchAsync(user, extract, file, CallerTrace.Of(context), cancellationToken);
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = way switch
        {
            RawFileWay.Presigned presigned => presigned.Address.OriginalString,
            _ => $"{ExtractGate.Portal(context)}/api/raw-files?ticket={tickets.Make(id, at)}",
        };
        return Results.StatusCode(StatusCodes.Status307TemporaryRedirect);
    }

    private static async Task<IResult> ServeAsync(HttpContext context, RawFileTickets tickets, IExtractStore store, IRawFiles files, TimeProvider time, string? ticket = null)
    {
        if (ticket is null)
        {
            return Problem.Of(StatusCodes.Status404NotFound, "There is nothing at this address without a ticket.", "ticket");
        }

        if (tickets.Read(ticket) is not var (id, number)
            || await store.GetAsync(id, context.RequestAborted) is not { } extract || !extract.HoldsAt(time.GetUtcNow())
            || await store.GetFileAsync(Scope.WholeFleet, id, number, context.RequestAborted) is not { } file)
        {
            return Problem.Of(StatusCodes.Status403Forbidden, "The address was changed, has ended, or its extract was withdrawn. Follow the link of the manifest again.", "ticket");
        }

        // The scope was looked at when the ticket was made, minutes ago at most.
        if (await files.LinkAsync(Scope.WholeFleet, file.Key, context.RequestAborted) is not { Way: RawFileWay.OnDisk way } link)
        {
            return Problem.Of(StatusCodes.Status404NotFound, "The file is not there any more.", "ticket");
        }

        context.Response.Headers.ContentDisposition = Attachment.Of(link.FileName);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var tag = file.Checksum is { } checksum ? new EntityTagHeaderValue($"\"{checksum.Value}\"") : null;
        return Results.Stream(FirstBytesStream.Open(way.Path, way.Bytes), link.ContentType, entityTag: tag, enableRangeProcessing: true);
    }
}
