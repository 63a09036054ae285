using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Tunnel.ProxyCore.Dashboard.Api;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Team;

/// <summary>What the pages show of this relay and of the member who looks. What belongs to a process with servers is not there.</summary>
internal sealed class TeamStatus(TimeProvider time)
{
    private static readonly string s_version = typeof(TeamStatus)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
        .InformationalVersion;

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public void Map(IEndpointRouteBuilder api) => api.MapGet("/status", ApiAnswer.Of(AnswerAsync));

    private async Task AnswerAsync(HttpContext context)
    {
        var member = context.Features.GetRequiredFeature<TeamMembership>();
        var history = await context.Features.GetRequiredFeature<HistoryView>().Store.StateAsync(context.RequestAborted);
        await new StatusAnswer(
            s_version,
            _startedAt,
            time.GetUtcNow(),
            Servers: [],
            // Where it is kept is nothing for members.
            HistoryStateRow.Of(history with { Place = member.Project.Name }, member.Project.Keep),
            new CapturedStateRow(IsOn: false, Requests: 0, MaxRequests: 0, Bytes: 0, MaxBytes: 0, MaxBody: 0),
            new TeamRow(member.Project.Name, member.Member.Name, TeamRoles.NameOf(member.Member.Role))
        ).WriteAsync(context);
    }
}
