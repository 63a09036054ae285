using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.History;
using Tunnel.Relay.Team.Access;

namespace Tunnel.Relay.Team.Ingest;

/// <summary>Takes batches of events from connectors: docs/team-protocol.md. An answer of 202 says that they are on the disk.</summary>
internal sealed partial class IngestEndpoint(
    TeamAccess access,
    IngestLimits limits,
    IProjectHistories histories,
    TeamMetrics metrics,
    TimeProvider time,
    ILogger<IngestEndpoint> logger
)
{
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost(IngestProtocol.Path, (RequestDelegate)AnswerAsync);

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            var receipt = await AcceptAsync(context);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            await context.Response.WriteAsJsonAsync(receipt, IngestJson.Default.IngestReceipt, cancellationToken: context.RequestAborted);
        }
        catch (IngestRefusedException refused)
        {
            await RefuseAsync(context, refused.Problem);
        }
        catch (Exception unavailable) when (unavailable is TeamStoreUnavailableException or HistoryUnavailableException)
        {
            Log.NotStored(logger, ProjectOf(context), unavailable.InnerException?.Message ?? unavailable.Message);
            await RefuseAsync(context, IngestProblem.Unavailable);
        }
        catch (Exception left) when (context.RequestAborted.IsCancellationRequested && left is OperationCanceledException or IOException)
        {
            // The connector is gone, and sends the batch again.
            metrics.Ended("left");
        }
        catch (Exception unforeseen) when (!context.Response.HasStarted)
        {
            // Told in the protocol's own words: whoever sends has to know it from what a proxy says of a relay that is away.
            Log.Failed(logger, context.Features.Get<TeamMembership>()?.Member.Name, ProjectOf(context), unforeseen);
            await RefuseAsync(context, IngestProblem.Failed);
        }
    }

    private async Task<IngestReceipt> AcceptAsync(HttpContext context)
    {
        var member =
            await access.FindAsync(TeamAccess.BearerOf(context.Request), context.RequestAborted)
            ?? throw new IngestRefusedException(IngestProblem.NoMember);
        context.Features.Set(member);
        if (!member.Member.Role.MaySend())
        {
            throw new IngestRefusedException(IngestProblem.MayNotSend);
        }

        var sender = SenderOf(context.Request);
        if (limits.Enter(member) is { } tooMany)
        {
            throw new IngestRefusedException(tooMany);
        }

        try
        {
            using var body = new BatchBody(time);
            await body.ReceiveAsync(context.Request, context.RequestAborted);
            return await StoreAsync(member, sender, context.Request.Headers.ContentEncoding.ToString(), body);
        }
        finally
        {
            limits.Leave(member);
        }
    }

    private async Task<IngestReceipt> StoreAsync(TeamMembership member, string sender, string coding, BatchBody body)
    {
        if (!limits.TryStart())
        {
            throw new IngestRefusedException(IngestProblem.Busy);
        }

        try
        {
            body.Decode(coding);
            var batch = new BatchReader(sender, time.GetUtcNow()).Read(body.Lines);
            var lines = batch.Entries.Count + batch.Listings.Count + batch.Losses.Count;
            return limits.TryTake(member, lines, body.Lines.Length)
                ? await WriteAsync(member.Project, batch)
                : throw new IngestRefusedException(IngestProblem.TooManyEvents);
        }
        finally
        {
            limits.End();
        }
    }

    private static string SenderOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.MediaType != IngestProtocol.ContentType)
        {
            throw new IngestRefusedException(IngestProblem.Malformed($"Content-Type is not {IngestProtocol.ContentType}"));
        }

        var sender = request.Headers[IngestProtocol.ServerHeader].ToString();
        return ServerNames.IsSender(sender)
            ? sender
            : throw new IngestRefusedException(
                IngestProblem.Malformed(
                    $"{IngestProtocol.ServerHeader} is not 1 to {ServerNames.MaxLength} of letters, digits, hyphens, underscores and points"
                )
            );
    }

    private async Task<IngestReceipt> WriteAsync(TeamProject project, HistoryBatch batch)
    {
        var start = time.GetTimestamp();
        // Not ended by a caller who leaves: what was read is kept, and the batch is known when it comes again.
        var history = await histories.OpenAsync(project, CancellationToken.None);
        var isNew = await history.WriteAsync(batch, CancellationToken.None);
        metrics.Taken(isNew, batch.Entries.Count - isNew, time.GetElapsedTime(start));
        return new IngestReceipt(isNew, batch.Entries.Count - isNew);
    }

    private Task RefuseAsync(HttpContext context, IngestProblem problem)
    {
        metrics.Ended(problem.Outcome);
        if (problem.Status == StatusCodes.Status400BadRequest)
        {
            Log.Malformed(logger, context.Features.Get<TeamMembership>()?.Member.Name, ProjectOf(context), problem.Detail);
        }

        return problem.WriteAsync(context);
    }

    private static string? ProjectOf(HttpContext context) => context.Features.Get<TeamMembership>()?.Project.Name;

    private static partial class Log
    {
        [LoggerMessage(1521, LogLevel.Warning, "events of project {Project} were not stored: {Reason}", EventName = "EventsNotStored")]
        public static partial void NotStored(ILogger logger, string? project, string reason);

        [LoggerMessage(
            1522,
            LogLevel.Warning,
            "a batch of events of {Member} for {Project} was not understood: {Reason}",
            EventName = "BatchNotUnderstood"
        )]
        public static partial void Malformed(ILogger logger, string? member, string? project, string reason);

        [LoggerMessage(1523, LogLevel.Error, "a batch of events of {Member} for {Project} was not stored", EventName = "BatchFailed")]
        public static partial void Failed(ILogger logger, string? member, string? project, Exception unforeseen);
    }
}
