using Microsoft.AspNetCore.Http;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Team.Access;

/// <summary>The host of the dashboard, which a request was found to be for by <see cref="Hosts.HostClassifier"/>.</summary>
internal sealed class TeamHost(RelayOptions options)
{
    private static readonly Mark s_mark = new();

    public static void MarkAsOurs(HttpContext context) => context.Features.Set(s_mark);

    public static bool IsFor(HttpContext context) => context.Features.Get<Mark>() is not null;

    /// <summary>The origin that pages of the dashboard have for the browser that sends this: what visitors use, whatever stands in front.</summary>
    public string OriginOf(HttpRequest request) => $"{options.PublicScheme}://{request.Host.Value}";

    private sealed class Mark;
}
