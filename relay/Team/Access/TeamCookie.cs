using Microsoft.AspNetCore.Http;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Team.Access;

/// <summary>
/// The cookie of a browser that has signed in. It holds the member's token, so that it is good at every relay and worthless once the member is removed.
/// No tunnel can read it or set another: its name binds it to this host and to TLS (RFC 6265bis section 4.1.3.2).
/// </summary>
internal sealed class TeamCookie(RelayOptions options)
{
    private const string Bound = "__Host-mcpr-team";

    /// <summary>Without TLS browsers refuse the other name.</summary>
    private const string Plain = "mcpr-team";

    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(30);

    private readonly bool _isSecure = options.PublicScheme == Uri.UriSchemeHttps;

    private string Name => _isSecure ? Bound : Plain;

    public string? Read(HttpRequest request) => request.Cookies[Name];

    public void Write(HttpResponse response, string token) => response.Cookies.Append(Name, token, Attributes(s_lifetime));

    public void Clear(HttpResponse response) => response.Cookies.Delete(Name, Attributes(lifetime: null));

    private CookieOptions Attributes(TimeSpan? lifetime) =>
        new()
        {
            HttpOnly = true,
            Secure = _isSecure,
            SameSite = SameSiteMode.Strict,
            Path = "/",
            IsEssential = true,
            MaxAge = lifetime,
        };
}
