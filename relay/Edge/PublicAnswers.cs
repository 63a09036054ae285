using Microsoft.AspNetCore.Http;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Edge;

/// <summary>What the relay sees to in everything that is answered to visitors, WebSocket handshakes included.</summary>
internal sealed class PublicAnswers(RelayOptions options)
{
    private const string RobotsHeader = "X-Robots-Tag";

    // Search engines find tunnels by links to them, and offer a server's answers long after it is gone.
    private const string NotIndexed = "noindex";

    public void Attend(HttpResponse response) =>
        response.OnStarting(
            static state =>
            {
                var (answers, response) = ((PublicAnswers, HttpResponse))state;
                answers.Finish(response.Headers);
                return Task.CompletedTask;
            },
            (this, response)
        );

    public void Finish(IHeaderDictionary headers)
    {
        headers.TryAdd(RobotsHeader, NotIndexed);
        if (headers.SetCookie is { Count: > 0 } cookies && cookies.Any(IsForNeighbours))
        {
            headers.SetCookie = cookies.Where(cookie => !IsForNeighbours(cookie)).ToArray();
        }
    }

    private bool IsForNeighbours(string? cookie) => NeighbourCookies.IsOne(cookie, options.Domain);
}
