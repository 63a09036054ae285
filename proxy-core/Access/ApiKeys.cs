using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Proxy;

namespace Tunnel.ProxyCore.Access;

/// <summary>The keys that callers may show, kept as hashes and compared in constant time.</summary>
public sealed class ApiKeys
{
    /// <summary>The header of a key; a bearer token (RFC 6750) does as well.</summary>
    public const string Header = "X-API-Key";

    /// <summary>Characters that a key has at least; shorter ones can be guessed.</summary>
    public const int MinLength = 16;

    private const string Bearer = "Bearer ";

    private volatile byte[][] _hashes;

    /// <param name="keys">The keys; none means that anybody may call.</param>
    public ApiKeys(IEnumerable<string> keys)
    {
        _hashes = [.. keys.Select(Hash)];
    }

    /// <summary>The keys of the options, at any moment. Where keys are wanted once, they are until the end: none is not a list of keys.</summary>
    public static ApiKeys Of(IOptionsMonitor<McpProxyOptions> options)
    {
        var keys = new ApiKeys(options.CurrentValue.ApiKeys) { AcceptsQuery = options.CurrentValue.AcceptsKeyInQuery };
        options.OnChange(now =>
        {
            if (now.ApiKeys.Count > 0)
            {
                keys._hashes = [.. now.ApiKeys.Select(Hash)];
            }
        });
        return keys;
    }

    /// <summary>Whether a key in the query does as well. Default false.</summary>
    public bool AcceptsQuery { get; init; }

    public bool AreRequired => _hashes.Length > 0;

    /// <summary>
    /// Whether the request shows one of the keys. A key that fits is ours and not the server's: its header is removed.
    /// </summary>
    public bool Admit(HttpRequest request)
    {
        // Both, also where the first one fits: no key of ours may get to the server in the other.
        var isAdmitted = false;
        if (request.Headers.TryGetValue(Header, out var key) && Fits(key.ToString()))
        {
            request.Headers.Remove(Header);
            isAdmitted = true;
        }

        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && Fits(authorization[Bearer.Length..].Trim()))
        {
            request.Headers.Authorization = default;
            isAdmitted = true;
        }

        return (AcceptsQuery && KeyInQuery.Take(request, Fits)) || isAdmitted;
    }

    public override string ToString() => $"{_hashes.Length} keys";

    private bool Fits(string key)
    {
        var hash = Hash(key);
        var fits = false;
        foreach (var known in _hashes)
        {
            // All of them, every time: how long it takes tells nothing.
            fits |= CryptographicOperations.FixedTimeEquals(hash, known);
        }

        return fits;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
