using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Dashboard.Access;
using Tunnel.ProxyCore.Dashboard.Api;
using Tunnel.ProxyCore.History;

namespace Tunnel.Relay.Team.Access;

/// <summary>
/// Lets members into the API of the dashboard: programs by <c>Authorization</c>, browsers by their cookie. Tunnels are the same site as the dashboard for
/// a browser, so what a cookie comes with is looked at, too.
/// </summary>
internal sealed class TeamGate(RequestDelegate next, TeamHost host, TeamAccess access, ProjectViews views, TimeProvider time)
{
    /// <summary>Tells the pages where to sign in.</summary>
    private const string LoginHeader = "mcpr-login";

    /// <summary>How long somebody who was removed may go on to watch.</summary>
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext context)
    {
        OwnPages.WriteHeaders(context.Response.Headers);
        var request = context.Request;
        var isProgram = TeamAccess.BearerOf(request) is not null;
        if (!isProgram && !OwnPages.MayAsk(request, host.OriginOf(request)))
        {
            await ApiAnswer.FailAsync(context, StatusCodes.Status403Forbidden, "Origin is not that of the dashboard");
            return;
        }

        try
        {
            var token = access.TokenOf(request);
            if (await access.FindAsync(token, context.RequestAborted) is not { } member)
            {
                context.Response.Headers[LoginHeader] = LoginEndpoint.Path;
                await ApiAnswer.FailAsync(context, StatusCodes.Status401Unauthorized, "sign in with the token of a member");
                return;
            }

            if (FindObstacle(request, member.Member.Role, isProgram) is { } obstacle)
            {
                await ApiAnswer.FailAsync(context, StatusCodes.Status403Forbidden, obstacle);
                return;
            }

            context.Features.Set(member);
            context.Features.Set(await views.OfAsync(member.Project, context.RequestAborted));
            await (
                request.Path.StartsWithSegments(HistoryApi.Root + HistoryApi.StreamPath, StringComparison.OrdinalIgnoreCase)
                    ? WatchAsync(context, token)
                    : next(context)
            );
        }
        catch (TeamStoreUnavailableException) when (!context.Response.HasStarted)
        {
            await ApiAnswer.FailAsync(context, StatusCodes.Status503ServiceUnavailable, "members cannot be looked up now");
        }
        catch (HistoryUnavailableException unavailable) when (!context.Response.HasStarted)
        {
            await ApiAnswer.FailAsync(
                context,
                StatusCodes.Status503ServiceUnavailable,
                $"the history cannot be read: {unavailable.Message}"
            );
        }
    }

    private string? FindObstacle(HttpRequest request, TeamRole role, bool isProgram)
    {
        var changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        return !role.MayLook() ? "this token is for servers that send"
            : changes && !role.MayChange() ? "only editors may change something"
            : changes
            && !isProgram
            && !(request.Headers.ContainsKey(OwnPages.PostHeader) && OwnPages.IsSentBy(request, host.OriginOf(request)))
                ? $"the header {OwnPages.PostHeader} is missing, or another page sends this"
            : null;
    }

    /// <summary>Ends what goes on for hours once its member is removed.</summary>
    private async Task WatchAsync(HttpContext context, string? token)
    {
        var watching = next(context);
        while (!watching.IsCompleted)
        {
            try
            {
                await watching.WaitAsync(s_lookAgain, time, CancellationToken.None);
            }
            catch (TimeoutException) when (!watching.IsCompleted)
            {
                if (!await IsStillMemberAsync(token, context.RequestAborted))
                {
                    context.Abort();
                }
            }
        }

        await watching;
    }

    private async Task<bool> IsStillMemberAsync(string? token, CancellationToken cancellationToken)
    {
        try
        {
            return await access.FindAsync(token, cancellationToken) is not null;
        }
        catch (Exception unknown) when (unknown is TeamStoreUnavailableException or OperationCanceledException)
        {
            return true;
        }
    }
}
