using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Tunnel.ProxyCore.Captures;
using Tunnel.ProxyCore.Dashboard.Sending;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>What can be done with a request whose headers and bodies are still there.</summary>
internal sealed class CaptureEndpoints(HistoryEndpoints history, RequestEndpoints requests, DashboardOptions options, InProcessCall call)
{
    /// <summary>The longest question, in bytes: a body as long as one that is looked into, and some headers.</summary>
    private const int MaxQuestion = 5 << 20;

    /// <summary>What belongs to a connection, and what only we say of a caller.</summary>
    private static readonly string[] s_notSent =
    [
        "host",
        "content-length",
        "connection",
        "transfer-encoding",
        "keep-alive",
        "upgrade",
        "te",
        "trailer",
    ];

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/requests/{id:guid}/curl", ApiAnswer.Of(CurlAsync));
        api.MapGet("/requests/{id:guid}/har", ApiAnswer.Of(HarAsync));
        api.MapGet("/har", ApiAnswer.Of(AllAsync));
        api.MapPost("/requests/{id:guid}/replay", ApiAnswer.Of(ReplayAsync));
    }

    private async Task CurlAsync(HttpContext context)
    {
        var command = CaptureExport.Curl(await FindAsync(context));
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(command, context.RequestAborted);
    }

    private async Task HarAsync(HttpContext context) => await WriteHarAsync(context, [await FindAsync(context)]);

    private async Task AllAsync(HttpContext context)
    {
        var query = history.QueryOf(context).Events with { Limit = ExchangeCaptures.MaxExchanges };
        var page = await options.History.Store.EventsAsync(query, context.RequestAborted);
        CapturedExchange[] found =
        [
            .. page.Events.Select(one => options.Captures?.Find(one.Event.RequestId)).OfType<CapturedExchange>().Distinct(),
        ];
        await WriteHarAsync(
            context,
            found.Length > 0
                ? found
                : throw new ApiProblemException(StatusCodes.Status404NotFound, "nothing of these is in memory any more")
        );
    }

    private async Task WriteHarAsync(HttpContext context, IEnumerable<CapturedExchange> exchanges)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"mcpr.har\"";
        await context.Response.WriteAsync(CaptureExport.Har(exchanges, options.Version).ToJsonString(), context.RequestAborted);
    }

    private async Task ReplayAsync(HttpContext context)
    {
        var captured = await FindAsync(context);
        var question = await ReadAsync(context, DashboardJson.Default.ReplayQuestion);
        if (question.Body is null && captured.Body.IsCut)
        {
            throw new ApiProblemException(StatusCodes.Status409Conflict, "only the beginning of its body was kept; give it one");
        }

        var headers = captured.Headers.Where(header =>
            header.Value != Secrets.Redacted && !s_notSent.Contains(header.Key, StringComparer.Ordinal)
        );
        if (question.Body is not null)
        {
            headers = headers.Where(header => header.Key != "content-encoding");
        }

        await SendAsync(
            context,
            new OutgoingRequest(
                captured.Method,
                captured.Target,
                captured.Host,
                With(headers, question.Headers),
                question.Body is { } body ? Encoding.UTF8.GetBytes(body) : captured.Body.Kept
            )
        );
    }

    private async Task SendAsync(HttpContext context, OutgoingRequest request)
    {
        var sent = await call.SendAsync(request, context.RequestAborted);
        var body = new CapturedBody(sent.Kept, sent.Bytes, sent.Headers.ContentType, sent.Headers.ContentEncoding);
        await ApiAnswer.WriteAsync(
            context,
            new SentAnswer(
                sent.RequestId,
                sent.Status,
                RequestEndpoints.Rows(ExchangeCaptures.HeadersOf(sent.Headers)),
                BodyText.Of(body),
                Math.Round(sent.Duration.TotalMilliseconds, 3),
                sent.IsComplete
            ),
            DashboardJson.Default.SentAnswer
        );
    }

    private async Task<CapturedExchange> FindAsync(HttpContext context)
    {
        StoredEvent stored = await requests.FindAsync(context);
        return options.Captures?.Find(stored.Event.RequestId)
            ?? throw new ApiProblemException(StatusCodes.Status404NotFound, "its headers and bodies are not in memory any more");
    }

    /// <summary>Those with the changes of the question: null takes one away.</summary>
    private static IReadOnlyList<KeyValuePair<string, string>> With(
        IEnumerable<KeyValuePair<string, string>> headers,
        Dictionary<string, string?>? changes
    )
    {
        var changed = new Dictionary<string, string?>(changes ?? [], StringComparer.OrdinalIgnoreCase);
        if (changed.FirstOrDefault(header => !IsHeader(header.Key, header.Value)) is { Key: { } wrong })
        {
            throw new ApiProblemException(StatusCodes.Status400BadRequest, $"headers: '{wrong}' cannot be sent");
        }

        return
        [
            .. headers.Where(header => !changed.ContainsKey(header.Key)),
            .. changed
                .Where(header => header.Value is not null)
                .Select(header => KeyValuePair.Create(header.Key.ToLowerInvariant(), header.Value!)),
        ];
    }

    private static bool IsHeader(string name, string? value) =>
        Forwarding.HttpStrictness.IsToken(name)
        && !s_notSent.Contains(name, StringComparer.OrdinalIgnoreCase)
        && value?.Any(char.IsControl) != true;

    private static async Task<T> ReadAsync<T>(HttpContext context, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxQuestion;
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted)
                ?? throw new ApiProblemException(StatusCodes.Status400BadRequest, "the question is null");
        }
        catch (BadHttpRequestException tooLong)
        {
            throw new ApiProblemException(tooLong.StatusCode, $"a question has {MaxQuestion} bytes at most");
        }
        catch (JsonException unreadable)
        {
            throw new ApiProblemException(StatusCodes.Status400BadRequest, $"the question cannot be read: {unreadable.Message}");
        }
    }
}
