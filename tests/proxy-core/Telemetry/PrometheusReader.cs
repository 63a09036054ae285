using System.Globalization;
using System.Text.RegularExpressions;

namespace Tunnel.ProxyCore.Tests.Telemetry;

/// <summary>Reads Prometheus text 0.0.4 by the letter of its description, and throws at whatever is not in it.</summary>
internal sealed partial class PrometheusReader
{
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    public PrometheusReader(string text)
    {
        if (text.Length > 0 && !text.EndsWith('\n'))
        {
            throw new FormatException("the last line has no end");
        }

        string? family = null;
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var line in text.Split('\n')[..^1])
        {
            if (Head().Match(line) is { Success: true } head)
            {
                var name = head.Groups["name"].Value;
                if (name != family && !seen.Add(name))
                {
                    throw new FormatException($"{name} comes in two groups");
                }

                family = name;
                if (head.Groups["kind"].Value == "TYPE")
                {
                    _types.Add(name, head.Groups["text"].Value);
                }
                else if (head.Groups["kind"].Value == "HELP")
                {
                    Unescape(head.Groups["text"].Value, allowed: "\\n");
                }
            }
            else
            {
                ReadSample(line, family ?? throw new FormatException("a sample before its head"));
            }
        }

        CheckHistograms();
    }

    public IReadOnlyDictionary<string, string> Types => _types;

    /// <summary>Values by name and labels: <c>calls_total{tool="a"}</c>, with the labels unescaped.</summary>
    public IReadOnlyDictionary<string, double> Samples => _samples;

    private void ReadSample(string line, string family)
    {
        var match = Sample().Match(line);
        if (!match.Success)
        {
            throw new FormatException($"no sample: {line}");
        }

        var name = match.Groups["name"].Value;
        string[] names = _types[family] == "histogram" ? [$"{family}_bucket", $"{family}_sum", $"{family}_count"] : [family];
        if (!names.Contains(name, StringComparer.Ordinal))
        {
            throw new FormatException($"{name} stands with {family}");
        }

        var labels = match.Groups["label"].Captures.Select(capture => capture.Value).ToArray();
        if (labels.Distinct(StringComparer.Ordinal).Count() != labels.Length)
        {
            throw new FormatException($"a label twice: {line}");
        }

        var values = match.Groups["value"].Captures.Select(capture => Unescape(capture.Value, allowed: "\\n\""));
        var written =
            labels.Length == 0 ? string.Empty : $"{{{string.Join(',', labels.Zip(values, (label, value) => $"{label}=\"{value}\""))}}}";
        // Add refuses a sample that comes twice.
        _samples.Add(name + written, Number(match.Groups["number"].Value));
    }

    private void CheckHistograms()
    {
        foreach (var (family, _) in _types.Where(type => type.Value == "histogram"))
        {
            foreach (
                var series in _samples
                    .Where(sample => sample.Key.StartsWith($"{family}_bucket", StringComparison.Ordinal))
                    .GroupBy(SeriesOf, StringComparer.Ordinal)
            )
            {
                var counts = series.Select(bucket => bucket.Value).ToArray();
                if (!counts.SequenceEqual(counts.Order()) || !series.Last().Key.Contains("le=\"+Inf\"", StringComparison.Ordinal))
                {
                    throw new FormatException($"buckets of {series.Key}");
                }

                if (_samples[$"{family}_count{series.Key}"] != counts[^1] || !_samples.ContainsKey($"{family}_sum{series.Key}"))
                {
                    throw new FormatException($"count and sum of {series.Key}");
                }
            }
        }
    }

    private static string SeriesOf(KeyValuePair<string, double> bucket)
    {
        var labels = Bound().Replace(bucket.Key[bucket.Key.IndexOf('{', StringComparison.Ordinal)..], string.Empty);
        return labels == "{}" ? string.Empty : labels;
    }

    private static string Unescape(string text, string allowed) =>
        Escape()
            .Replace(
                text,
                match =>
                    match.Value.Length == 2 && allowed.Contains(match.Value[1], StringComparison.Ordinal)
                        ? match.Value[1] == 'n'
                            ? "\n"
                            : match.Value[1..]
                        : throw new FormatException($"escape {match.Value}")
            );

    private static double Number(string text) =>
        text switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };

    [GeneratedRegex("^# (?<kind>HELP|TYPE|UNIT) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Head();

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\.)*)",?)*(?<!,)\})? (?<number>[-+0-9.eE]+|[-+]Inf|NaN)$""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Sample();

    [GeneratedRegex(",?le=\"[^\"]*\"", RegexOptions.None, 1000)]
    private static partial Regex Bound();

    [GeneratedRegex(@"\\.?", RegexOptions.None, 1000)]
    private static partial Regex Escape();
}
