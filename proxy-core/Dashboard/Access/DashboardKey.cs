using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Tunnel.ProxyCore.Dashboard.Access;

/// <summary>
/// Who may see the dashboard: whoever was given its URL, once. The token in it is worth one visit, which gets a cookie; URLs end up in histories and on
/// screens. All of it ends with the process.
/// </summary>
public sealed class DashboardKey
{
    /// <summary>256 bits.</summary>
    private const int Bytes = 32;

    private readonly Lock _lock = new();
    private string _token = Secret();

    /// <summary>Called with the next token once one was used.</summary>
    public Action<string>? Used { get; set; }

    /// <summary>What the cookie has to say.</summary>
    public string Cookie { get; } = Secret();

    /// <summary>What the next visit has to bring.</summary>
    public string Token
    {
        get
        {
            lock (_lock)
            {
                return _token;
            }
        }
    }

    /// <summary>Uses a token up.</summary>
    public bool TryUse(string? token)
    {
        string next;
        lock (_lock)
        {
            if (!IsSame(token, _token))
            {
                return false;
            }

            _token = next = Secret();
        }

        Used?.Invoke(next);
        return true;
    }

    public bool IsCookie(string? cookie) => IsSame(cookie, Cookie);

    /// <inheritdoc/>
    public override string ToString() => nameof(DashboardKey);

    private static bool IsSame(string? shown, string expected) =>
        shown is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.ASCII.GetBytes(expected));

    private static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
}
