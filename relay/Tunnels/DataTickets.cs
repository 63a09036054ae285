using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Tunnel.Relay.Tunnels;

/// <summary>Tickets that let a connector attach one data connection to its session: 256 random bits, good once and for a short time.</summary>
internal sealed class DataTickets(TimeProvider time)
{
    /// <summary>From issuing to dialling; a connector dials at once.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>Unused tickets of one session, at most; more means that the connector is broken.</summary>
    private const int MaxPerSession = 16;

    // Bounded by MaxPerSession times the open sessions: expired ones go whenever anybody asks for a ticket.
    private readonly ConcurrentDictionary<string, Ticket> _tickets = new(StringComparer.Ordinal);

    /// <returns>Null when the session holds too many unused tickets.</returns>
    public string? Issue(TunnelSession session)
    {
        var now = time.GetUtcNow();
        var unused = 0;
        foreach (var (value, held) in _tickets)
        {
            if (held.ExpiresAt <= now)
            {
                _tickets.TryRemove(value, out _);
            }
            else if (held.Session == session)
            {
                unused++;
            }
        }

        if (unused >= MaxPerSession)
        {
            return null;
        }

        var ticket = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        _tickets[ticket] = new Ticket(session, now + Lifetime);
        return ticket;
    }

    /// <summary>Uses a ticket up.</summary>
    public TunnelSession? Redeem(string ticket) =>
        _tickets.TryRemove(ticket, out var held) && held.ExpiresAt > time.GetUtcNow() ? held.Session : null;

    private sealed record Ticket(TunnelSession Session, DateTimeOffset ExpiresAt);
}
