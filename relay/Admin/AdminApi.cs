using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Admin;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Names;

namespace Tunnel.Relay.Admin;

/// <summary>Commands on the port for operators, below <c>/api/v1</c>: which method and path is which.</summary>
internal sealed class AdminApi(AdminAccess access, TunnelAdmin tunnels, NameAdmin names) : IAdminApi
{
    private const string Root = "/api/v1";

    /// <summary>Bodies have one line of text.</summary>
    private const int MaxBodyBytes = 4096;

    public bool Has(PathString path) => path.StartsWithSegments(Root, StringComparison.Ordinal);

    public async Task AnswerAsync(HttpContext context)
    {
        if (access.FindObstacle(context) is { } obstacle)
        {
            await WriteAsync(context, obstacle.Status, new AdminFault(obstacle.Reason), AdminJson.Default.AdminFault);
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaxBodyBytes;
        }

        try
        {
            await DispatchAsync(context);
        }
        catch (Exception unavailable) when (unavailable is NameStoreUnavailableException or TokenStoreUnavailableException)
        {
            var fault = new AdminFault($"{unavailable.Message}: {unavailable.InnerException?.Message}");
            await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, fault, AdminJson.Default.AdminFault);
        }
        catch (Exception unreadable) when (unreadable is JsonException or BadHttpRequestException)
        {
            var fault = new AdminFault("the body is not what this takes");
            await WriteAsync(context, StatusCodes.Status400BadRequest, fault, AdminJson.Default.AdminFault);
        }
    }

    private Task DispatchAsync(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value![Root.Length..].Trim('/').Split('/');
        return (request.Method, path) switch
        {
            ("GET", ["tunnels"]) => WriteAsync(context, tunnels.List(), AdminJson.Default.TunnelList),
            ("POST", ["tunnels", var name, "kick"]) => KickAsync(context, name),
            ("GET", ["nodes"]) => WriteAsync(context, tunnels.ListNodes(), AdminJson.Default.NodeList),
            ("POST", ["drain"]) => WriteAsync(context, tunnels.Drain(request.Query["stay"] == "true"), AdminJson.Default.DrainState),
            ("GET", ["names"]) => ListNamesAsync(context),
            ("GET", ["bans"]) => ListBansAsync(context),
            ("PUT", ["bans", var name]) => BanAsync(context, name),
            ("DELETE", ["bans", var name]) => UnbanAsync(context, name),
            ("GET", ["tokens"]) => ListTokensAsync(context),
            _ => FailAsync(context, StatusCodes.Status404NotFound, "there is nothing like that; docs/admin.md has what there is"),
        };
    }

    private async Task KickAsync(HttpContext context, string name)
    {
        var result = tunnels.Kick(name);
        await (
            result.Closed > 0
                ? WriteAsync(context, result, AdminJson.Default.KickResult)
                : FailAsync(context, StatusCodes.Status404NotFound, await tunnels.SayWhereAsync(name, context.RequestAborted))
        );
    }

    private async Task ListNamesAsync(HttpContext context)
    {
        var page = await names.ListAsync(context.Request.Query["after"].ToString(), context.RequestAborted);
        await WriteAsync(context, page, AdminJson.Default.NameList);
    }

    private async Task ListBansAsync(HttpContext context) =>
        await WriteAsync(context, await names.ListBansAsync(context.RequestAborted), AdminJson.Default.BanList);

    private async Task ListTokensAsync(HttpContext context) =>
        await WriteAsync(context, await names.ListTokensAsync(context.RequestAborted), AdminJson.Default.TokenList);

    private async Task BanAsync(HttpContext context, string name)
    {
        var request = context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
            ? await JsonSerializer.DeserializeAsync(context.Request.Body, AdminJson.Default.BanRequest, context.RequestAborted)
            : null;
        if (await names.BanAsync(name, request?.Reason ?? string.Empty, context.RequestAborted) is { } ban)
        {
            await WriteAsync(context, ban, AdminJson.Default.BanEntry);
        }
        else
        {
            await FailAsync(
                context,
                StatusCodes.Status400BadRequest,
                $"the reason is one line of at most {NameAdmin.MaxReasonLength} characters"
            );
        }
    }

    private async Task UnbanAsync(HttpContext context, string name)
    {
        if (await names.UnbanAsync(name, context.RequestAborted))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
        {
            await FailAsync(context, StatusCodes.Status404NotFound, $"{name} is not banned");
        }
    }

    private static Task FailAsync(HttpContext context, int status, string reason) =>
        WriteAsync(context, status, new AdminFault(reason), AdminJson.Default.AdminFault);

    private static Task WriteAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> type) =>
        WriteAsync(context, StatusCodes.Status200OK, answer, type);

    private static Task WriteAsync<T>(HttpContext context, int status, T answer, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(answer, type, cancellationToken: context.RequestAborted);
    }
}
