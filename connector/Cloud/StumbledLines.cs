using System.Security.Cryptography;

namespace Tunnel.Connector.Cloud;

/// <summary>
/// Lines that the relay fails at when they come by themselves. A relay that is broken fails at everything, and nothing may be lost for it; so a failure
/// counts against a line only where the relay has taken something else since the one before.
/// </summary>
internal sealed class StumbledLines
{
    /// <summary>Failures after which a line is hopeless: there is something that was taken between any two of them.</summary>
    public const int MaxFailures = 3;

    /// <summary>Bounded: over it all are forgotten, and have as many tries again.</summary>
    private const int MaxLines = 1_000;

    private readonly Dictionary<string, (int Failures, long Taken)> _lines = new(StringComparer.Ordinal);
    private long _taken;

    /// <summary>The relay has taken something.</summary>
    public void Take() => _taken++;

    /// <summary>The relay has failed at a line.</summary>
    /// <returns>Whether it is to be given up.</returns>
    public bool IsHopeless(EventBatch line)
    {
        var key = Convert.ToHexString(SHA256.HashData(GzipLines.Decode(line.Coded)));
        var isKnown = _lines.TryGetValue(key, out var before);
        var failures = isKnown && before.Taken == _taken ? before.Failures : before.Failures + 1;
        if (failures >= MaxFailures)
        {
            _lines.Remove(key);
            return true;
        }

        if (!isKnown && _lines.Count >= MaxLines)
        {
            _lines.Clear();
        }

        _lines[key] = (failures, _taken);
        return false;
    }
}
