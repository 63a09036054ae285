using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Dashboard.Access;
using Tunnel.ProxyCore.Dashboard.Pages;

namespace Tunnel.Relay.Team.Access;

/// <summary>Signing in with a member's token, and out again.</summary>
internal sealed partial class LoginEndpoint(
    TeamHost host,
    TeamAccess access,
    TeamCookie cookie,
    LoginLimit limit,
    PageAssets assets,
    ILogger<LoginEndpoint> logger
)
{
    public const string Path = "/login";

    private const string LeavePath = "/logout";

    /// <summary>A form has a token and a path.</summary>
    private const int MaxFormBytes = 8 * 1024;

    /// <summary>A longer path would not fit the request line.</summary>
    private const int MaxNext = 4 * 1024;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, (RequestDelegate)AskAsync);
        endpoints.MapPost(Path, (RequestDelegate)EnterAsync);
        endpoints.MapPost(LeavePath, (RequestDelegate)LeaveAsync);
    }

    /// <summary>A path of this host, whatever a link says: what a browser reads as another host leads to the first page.</summary>
    public static string NextOf(string? wanted) =>
        wanted is { Length: > 1 and <= MaxNext }
        && wanted[0] == '/'
        && wanted[1] is not ('/' or '\\')
        && wanted.All(character => character is > ' ' and < '\u007f')
            ? wanted
            : "/";

    private Task AskAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status200OK, context.Request.Query["next"], problem: null);

    private async Task EnterAsync(HttpContext context)
    {
        if (!OwnPages.IsSentBy(context.Request, host.OriginOf(context.Request)))
        {
            await WriteAsync(context, StatusCodes.Status403Forbidden, next: null, "This form was sent by another page. Sign in here.");
            return;
        }

        if (!limit.TryEnter(context.Connection.RemoteIpAddress))
        {
            context.Response.Headers.RetryAfter = "60";
            await WriteAsync(context, StatusCodes.Status429TooManyRequests, next: null, "There were too many attempts. Wait a minute.");
            return;
        }

        if (await ReadFormAsync(context) is not { } form)
        {
            await WriteAsync(context, StatusCodes.Status400BadRequest, next: null, "This is not what the form sends.");
            return;
        }

        await EnterAsync(context, form["token"].ToString().Trim(), form["next"]);
    }

    private async Task EnterAsync(HttpContext context, string token, string? next)
    {
        try
        {
            var member = await access.FindAsync(token, context.RequestAborted);
            if (member is null)
            {
                Log.Refused(logger, context.Connection.RemoteIpAddress?.ToString());
                await WriteAsync(context, StatusCodes.Status401Unauthorized, next, "No project here has this token.");
            }
            else if (!member.Member.Role.MayLook())
            {
                await WriteAsync(
                    context,
                    StatusCodes.Status403Forbidden,
                    next,
                    "This token is for servers that send. Ask for one of a viewer."
                );
            }
            else
            {
                Log.Entered(logger, member.Member.Name, member.Project.Name);
                cookie.Write(context.Response, token);
                SendTo(context.Response, NextOf(next));
            }
        }
        catch (TeamStoreUnavailableException)
        {
            await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, next, "Members cannot be looked up now. Try again.");
        }
    }

    private Task LeaveAsync(HttpContext context)
    {
        if (!OwnPages.IsSentBy(context.Request, host.OriginOf(context.Request)))
        {
            return WriteAsync(context, StatusCodes.Status403Forbidden, next: null, "This was sent by another page.");
        }

        cookie.Clear(context.Response);
        SendTo(context.Response, Path);
        return Task.CompletedTask;
    }

    private static async Task<IFormCollection?> ReadFormAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaxFormBytes;
        }

        try
        {
            return context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    private static void SendTo(HttpResponse response, string path)
    {
        OwnPages.WriteHeaders(response.Headers);
        response.StatusCode = StatusCodes.Status303SeeOther;
        response.Headers.Location = path;
    }

    private Task WriteAsync(HttpContext context, int status, string? next, string? problem) =>
        LoginPage.WriteAsync(context, assets, status, NextOf(next), problem);

    private static partial class Log
    {
        [LoggerMessage(1511, LogLevel.Information, "member {Member} of {Project} signed in", EventName = "MemberSignedIn")]
        public static partial void Entered(ILogger logger, string member, string project);

        [LoggerMessage(1512, LogLevel.Warning, "sign-in with an unknown token from {Address}", EventName = "SignInRefused")]
        public static partial void Refused(ILogger logger, string? address);
    }
}
