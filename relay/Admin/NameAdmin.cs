using Tunnel.Relay.Identity;
using Tunnel.Relay.Names;

namespace Tunnel.Relay.Admin;

/// <summary>What an operator sees of names and tokens, and does to names.</summary>
internal sealed class NameAdmin(INameStore names, ITokenStore tokens, TimeProvider time)
{
    public const int MaxReasonLength = 200;

    /// <summary>Names on one page.</summary>
    private const int PageSize = 1000;

    /// <param name="after">The last name of the page before, or empty.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async Task<NameList> ListAsync(string after, CancellationToken cancellationToken)
    {
        var page = await names.ListAllAsync(after, PageSize, cancellationToken);
        return new NameList([.. page.Select(Describe)], page.Count == PageSize ? page[^1].Name : null);
    }

    public async Task<BanList> ListBansAsync(CancellationToken cancellationToken) =>
        new([.. (await names.ListBansAsync(cancellationToken)).Select(Describe)]);

    public async Task<TokenList> ListTokensAsync(CancellationToken cancellationToken) =>
        new([.. (await tokens.ListAsync(cancellationToken)).Select(Describe)]);

    /// <returns>The ban, or null when the reason cannot stand in a list.</returns>
    public async Task<BanEntry?> BanAsync(string name, string reason, CancellationToken cancellationToken)
    {
        if (!IsReason(reason))
        {
            return null;
        }

        var spelled = name.ToLowerInvariant();
        await names.BanAsync(spelled, reason, cancellationToken);
        return new BanEntry(spelled, time.GetUtcNow(), reason);
    }

    public async Task<bool> UnbanAsync(string name, CancellationToken cancellationToken) =>
        await names.UnbanAsync(name.ToLowerInvariant(), cancellationToken);

    /// <summary>Whether a text is one short line.</summary>
    public static bool IsReason(string text) => text.Length <= MaxReasonLength && !text.Any(char.IsControl);

    public static NameEntry Describe(NameRecord name) => new(name.Name, name.OwnerId, name.CreatedAt, name.UsedAt, name.ExpiresAt);

    public static BanEntry Describe(NameBan ban) => new(ban.Name, ban.CreatedAt, ban.Reason);

    public static TokenEntry Describe(TokenRecord token) =>
        new(token.Name, token.CreatedAt, token.ExpiresAt, token.Names.ToString()!, token.MaxTunnels);
}
