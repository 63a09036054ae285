using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Remote;

/// <summary>A request has no answer, and this is why.</summary>
internal sealed class RemoteFailure(ProxyError error, string? detail) : Exception(error.Title)
{
    public ProxyError Error { get; } = error;

    public string? Detail { get; } = detail;

    /// <summary>What an exception on the way to the server means; null when it is none of the network's.</summary>
    public static RemoteFailure? Of(Exception exception) =>
        exception switch
        {
            RemoteFailure failure => failure,
            RemoteLoginException login => new(ErrorCatalog.LoginFailed, login.Message),
            // Nothing but logins is kept in files.
            UnauthorizedAccessException denied => new(ErrorCatalog.LoginFailed, denied.Message),
            TimeoutException => new(ErrorCatalog.UpstreamTimeout, detail: null),
            HttpRequestException unreachable when IsBeforeTheRequest(unreachable) => new(
                ErrorCatalog.RemoteUnreachable,
                unreachable.GetBaseException().Message
            ),
            HttpRequestException or IOException or InvalidDataException => new(
                ErrorCatalog.UpstreamInvalid,
                exception.GetBaseException().Message
            ),
            _ => null,
        };

    /// <summary>Whether the server cannot have seen anything of the request.</summary>
    public static bool IsBeforeTheRequest(HttpRequestException exception) =>
        exception.HttpRequestError
            is HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError;
}
