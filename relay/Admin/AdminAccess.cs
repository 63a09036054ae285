using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Admin;

/// <summary>
/// Who may give commands: whoever shows the token, or, where there is none, whoever is on this machine. Never a page in a browser: any page can
/// make one call a local port.
/// </summary>
internal sealed class AdminAccess(RelayOptions options)
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _expected = options.AdminToken.Length == 0 ? null : SHA256.HashData(options.AdminToken);

    /// <returns>Why not, as status and sentence, or null.</returns>
    public (int Status, string Reason)? FindObstacle(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.Origin.Count > 0 || headers.ContainsKey("Sec-Fetch-Site"))
        {
            return (StatusCodes.Status403Forbidden, "commands do not come from browsers");
        }

        if (_expected is null)
        {
            return IsLocal(context.Connection)
                ? null
                : (StatusCodes.Status403Forbidden, "without --admin-token-file, commands come from this machine only");
        }

        if (IsExpected(headers.Authorization.ToString()))
        {
            return null;
        }

        context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return (StatusCodes.Status401Unauthorized, "show the token of --admin-token-file");
    }

    // Hashes, so that comparing takes as long for every token.
    private bool IsExpected(string authorization) =>
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(
            _expected,
            SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()))
        );

    // Both ends: a packet filter can bring anybody to a loopback address.
    private static bool IsLocal(ConnectionInfo connection) =>
        connection is { LocalIpAddress: { } here, RemoteIpAddress: { } there } && IPAddress.IsLoopback(here) && IPAddress.IsLoopback(there);
}
