using Microsoft.AspNetCore.Http;

namespace Tunnel.Relay.Team.Access;

/// <summary>
/// Tells who asks. The store is asked each time: a member that was removed is nobody from then on.
/// What it throws is <see cref="TeamStoreUnavailableException"/>.
/// </summary>
internal sealed class TeamAccess(ITeamStore teams, TeamCookie cookie)
{
    private const string Scheme = "Bearer ";

    /// <summary>The token behind <c>Authorization: Bearer</c>, and of nothing else.</summary>
    public static string? BearerOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;

    /// <summary>The token that a program or a browser shows.</summary>
    public string? TokenOf(HttpRequest request) => BearerOf(request) ?? cookie.Read(request);

    /// <returns>Null where there is no such member.</returns>
    public async ValueTask<TeamMembership?> FindAsync(string? token, CancellationToken cancellationToken) =>
        token is not null && MemberToken.HashOf(token) is { } hash ? await teams.FindMemberAsync(hash, cancellationToken) : null;
}
