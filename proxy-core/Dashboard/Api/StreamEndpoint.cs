using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tunnel.ProxyCore.Dashboard.Live;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>What happens, as it happens: server-sent events.</summary>
internal sealed class StreamEndpoint(LiveFeed feed, HistoryEndpoints history, History.IHistoryStore store, TimeProvider time)
{
    /// <summary>Events that somebody who comes back gets at once.</summary>
    private const int MaxMissed = 1000;

    private static readonly TimeSpan s_keepAlive = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder api, Func<HttpContext, StreamEndpoint> of) =>
        api.MapGet(HistoryApi.StreamPath, ApiAnswer.Of(context => of(context).AnswerAsync(context)));

    private async Task AnswerAsync(HttpContext context)
    {
        var query = history.QueryOf(context).Events;
        if (feed.Add(one => Wants(query, one)) is not { } reader)
        {
            throw new ApiProblemException(StatusCodes.Status503ServiceUnavailable, $"{LiveFeed.MaxReaders} others watch already");
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, feed.Stopping);
        try
        {
            context.Response.ContentType = "text/event-stream; charset=utf-8";
            await context.Response.Body.FlushAsync(ended.Token);
            var sent = await SendMissedAsync(context, query, ended.Token);
            await SendAsync(context.Response, reader, sent, ended.Token);
        }
        catch (Exception left) when (left is OperationCanceledException or IOException)
        {
            // The page was closed, or the program stops.
        }
        finally
        {
            feed.Remove(reader);
        }
    }

    private static bool Wants(EventQuery query, StoredEvent stored)
    {
        var (one, filter) = (stored.Event, query.Filter);
        return Has(filter.Servers, one.Server)
            && Has(filter.Tools, one.Tool)
            && Has(filter.Clients, one.Client)
            && Has(filter.Statuses, one.Status)
            && Has(query.Types, one.Type)
            && (query.SessionKey is null || query.SessionKey == one.Session);

        static bool Has(IReadOnlyCollection<string> wanted, string? value) =>
            wanted.Count == 0 || wanted.Contains(value ?? string.Empty, StringComparer.Ordinal);
    }

    /// <returns>The place of the last one, which the feed may have too.</returns>
    private async Task<long> SendMissedAsync(HttpContext context, EventQuery query, CancellationToken cancellationToken)
    {
        if (
            !Guid.TryParse(context.Request.Headers["Last-Event-ID"], out var id)
            || await store.FindAsync(id, cancellationToken) is not { } last
        )
        {
            return 0;
        }

        var newest = await store.NewestAsync(cancellationToken);
        var missed = await store.EventsAsync(
            query with
            {
                After = Math.Max(last.Sequence, newest - MaxMissed),
                Limit = MaxMissed,
                Text = null,
                AtLeast = null,
                Cursor = null,
            },
            cancellationToken
        );
        foreach (var one in missed.Events)
        {
            await WriteAsync(context.Response, one, cancellationToken);
        }

        return missed.Events is [.., var newestSent] ? newestSent.Sequence : last.Sequence;
    }

    private async Task SendAsync(HttpResponse response, LiveReader reader, long sent, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (reader.Events.TryRead(out var one))
            {
                if (one.Sequence > sent)
                {
                    await WriteAsync(response, one, cancellationToken);
                }
            }

            if (reader.TakeDropped() is > 0 and var count)
            {
                await WriteAsync(response, "dropped", id: null, new DroppedRow(count), DashboardJson.Default.DroppedRow, cancellationToken);
            }

            await response.Body.FlushAsync(cancellationToken);
            using var silence = new CancellationTokenSource(s_keepAlive, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
            try
            {
                if (!await reader.Events.WaitToReadAsync(either.Token))
                {
                    return;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                await response.Body.WriteAsync(": nothing new\n\n"u8.ToArray(), cancellationToken);
            }
        }
    }

    private Task WriteAsync(HttpResponse response, StoredEvent one, CancellationToken cancellationToken) =>
        WriteAsync(response, "request", one.Id, history.RowOf(one, feed.Usual), DashboardJson.Default.EventRow, cancellationToken);

    private static async Task WriteAsync<T>(
        HttpResponse response,
        string name,
        Guid? id,
        T row,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken
    )
    {
        var head = id is null ? $"event: {name}\ndata: " : $"event: {name}\nid: {id}\ndata: ";
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes($"{head}{JsonSerializer.Serialize(row, type)}\n\n"), cancellationToken);
    }
}
