using System.Net;
using Microsoft.AspNetCore.Http;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Limits;
using Tunnel.Relay.Tls.Orders;

namespace Tunnel.Relay.Tls;

/// <summary>
/// Answers an authority that wants to see over plain HTTP that a domain leads here (RFC 8555 section 8.3), for as long as a certificate is
/// being ordered for it. Whichever relay is asked, the one that orders answers.
/// </summary>
internal sealed class HttpChallenges(DomainRoutes domains, LegoClient lego, IOrderTurns turns, IOtherNodes others, TimeProvider time)
{
    private const string Prefix = "/.well-known/acme-challenge/";

    /// <summary>Longer than any token that authorities make.</summary>
    private const int MaxTokenLength = 128;

    private const int MaxAnswerBytes = 1024;

    /// <summary>Questions a second for one domain, or for all unknown ones, about which another relay is asked; authorities ask a handful.</summary>
    private const int AsksPerSecond = 20;

    private static readonly TimeSpan s_askLimit = TimeSpan.FromSeconds(5);

    private readonly RateLimit _asks = new(AsksPerSecond, TimeSpan.FromSeconds(1), time);

    /// <returns>Whether the request was such a question, and was answered.</returns>
    public async Task<bool> TryAnswerAsync(HttpContext context)
    {
        if (
            TokenOf(context.Request) is not { } token
            || DomainName.Normalize(context.Request.Host.Host) is not { } domain
            || (ReadHere(domain, token) ?? await ReadElsewhereAsync(context, domain, token)) is not { } answer
        )
        {
            return false;
        }

        context.Response.ContentType = "application/octet-stream";
        await context.Response.WriteAsync(answer, context.RequestAborted);
        return true;
    }

    private static string? TokenOf(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Path.Value is { } path
        && path.StartsWith(Prefix, StringComparison.Ordinal)
        && path[Prefix.Length..] is { Length: > 0 and <= MaxTokenLength } token
        && token.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')
            ? token
            : null;

    /// <summary>lego writes it before the authority is told to ask, and takes it away afterwards.</summary>
    private string? ReadHere(string domain, string token)
    {
        if (domains.Find(domain) is null)
        {
            return null;
        }

        try
        {
            var path = Path.Combine(lego.ChallengeFolder, ".well-known", "acme-challenge", token);
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<string?> ReadElsewhereAsync(HttpContext context, string domain, string token)
    {
        // A relay that another one asks knows, or nobody does.
        // A domain may have been proved there a moment ago, and not be known here.
        var asker = domains.Find(domain) is null ? 0 : domain.GetHashCode(StringComparison.Ordinal);
        if (!turns.AreShared || NodeMark.IsOn(context) || !_asks.TryTake(asker))
        {
            return null;
        }

        if (await turns.FindOrdererAsync(domain, context.RequestAborted) is not { } node)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(s_askLimit);
        var destination = others.DestinationOf(node);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{destination.Origin}{Prefix}{token}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = domain;
        try
        {
            using var response = await destination.Invoker.SendAsync(request, limit.Token);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, limit.Token);
            return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync(limit.Token) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
    }
}
