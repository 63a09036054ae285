using System.Globalization;
using System.Text.RegularExpressions;

namespace Tunnel.ProxyCore.Configuration.Toml;

/// <summary>Values without quotes: <c>true</c>, <c>42</c>, <c>0xff</c>, <c>6.02e23</c>, <c>1979-05-27T07:32:00Z</c>, <c>07:32:00</c>.</summary>
internal static partial class TomlScalars
{
    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;
    private const int MatchLimit = 1000;

    /// <returns>The value, or null where the text is none.</returns>
    public static TomlValue? Parse(string text, int line)
    {
        if (text is "true" or "false")
        {
            return new TomlValue(TomlKind.Boolean, line) { Text = text };
        }

        return ParseInteger(text, line) ?? ParseFloat(text, line) ?? ParseTime(text, line);
    }

    /// <summary>Whether the text is a date, after which a time may follow behind a space.</summary>
    public static bool IsDate(string text) => Date().IsMatch(text);

    private static TomlValue? ParseInteger(string text, int line)
    {
        var digits = text.Replace("_", string.Empty, StringComparison.Ordinal);
        var isInteger =
            Decimal().IsMatch(text) ? long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            : Hexadecimal().IsMatch(text)
                ? long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && value >= 0
            : Binary().IsMatch(text)
                ? long.TryParse(digits.AsSpan(2), NumberStyles.AllowBinarySpecifier, CultureInfo.InvariantCulture, out value) && value >= 0
            : Octal().IsMatch(text) ? TryParseOctal(digits.AsSpan(2), out value)
            : Fails(out value);
        return isInteger ? new TomlValue(TomlKind.Integer, line) { Text = value.ToString(CultureInfo.InvariantCulture) } : null;
    }

    private static bool TryParseOctal(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (value > long.MaxValue >> 3)
            {
                return false;
            }

            value = (value << 3) | (long)(digit - '0');
        }

        return true;
    }

    private static bool Fails(out long value)
    {
        value = 0;
        return false;
    }

    private static TomlValue? ParseFloat(string text, int line)
    {
        var special = text.TrimStart('+', '-');
        if (special is "inf" or "nan")
        {
            return text.Length - special.Length <= 1
                ? new TomlValue(TomlKind.Float, line) { Text = text is "-inf" ? text : special }
                : null;
        }

        // What is only an integer and got here is one that is too large.
        if (!Float().IsMatch(text) || Decimal().IsMatch(text))
        {
            return null;
        }

        var number = double.Parse(text.Replace("_", string.Empty, StringComparison.Ordinal), CultureInfo.InvariantCulture);
        return new TomlValue(TomlKind.Float, line) { Text = number.ToString("R", CultureInfo.InvariantCulture) };
    }

    private static TomlValue? ParseTime(string text, int line)
    {
        var match = DateAndTime().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var (date, time, offset) = (match.Groups["date"], match.Groups["time"], match.Groups["offset"]);
        var isValid =
            (
                !date.Success
                || DateOnly.TryParseExact(date.ValueSpan, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            )
            && (!time.Success || IsTime(time.ValueSpan, maxSecond: 60))
            && (!offset.Success || offset.ValueSpan is "Z" or "z" || IsTime($"{offset.ValueSpan[1..]}:00", maxSecond: 0));
        TomlKind? kind = (date.Success, time.Success, offset.Success) switch
        {
            _ when !isValid => null,
            (true, true, true) => TomlKind.OffsetDateTime,
            (true, true, false) => TomlKind.LocalDateTime,
            (true, false, false) => TomlKind.LocalDate,
            (false, true, false) => TomlKind.LocalTime,
            _ => null,
        };
        var separator = date.Success && time.Success ? "T" : string.Empty;
        return kind is { } known
            ? new TomlValue(known, line)
            {
                Text = $"{date.Value}{separator}{time.Value}{match.Groups["fraction"].Value}{offset.Value.ToUpperInvariant()}",
            }
            : null;
    }

    /// <summary><c>07:32:00</c>; RFC 3339 lets a leap second be 60.</summary>
    private static bool IsTime(ReadOnlySpan<char> time, int maxSecond) =>
        int.Parse(time[..2], CultureInfo.InvariantCulture) <= 23
        && int.Parse(time[3..5], CultureInfo.InvariantCulture) <= 59
        && int.Parse(time[6..8], CultureInfo.InvariantCulture) <= maxSecond;

    [GeneratedRegex(@"\A[+-]?(0|[1-9](_?[0-9])*)\z", Options, MatchLimit)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"\A0x[0-9A-Fa-f](_?[0-9A-Fa-f])*\z", Options, MatchLimit)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"\A0o[0-7](_?[0-7])*\z", Options, MatchLimit)]
    private static partial Regex Octal();

    [GeneratedRegex(@"\A0b[01](_?[01])*\z", Options, MatchLimit)]
    private static partial Regex Binary();

    [GeneratedRegex(@"\A[+-]?(0|[1-9](_?[0-9])*)(\.[0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?\z", Options, MatchLimit)]
    private static partial Regex Float();

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z", Options, MatchLimit)]
    private static partial Regex Date();

    [GeneratedRegex(
        @"\A((?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})([Tt](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?<fraction>\.[0-9]+)?(?<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?)?|(?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?<fraction>\.[0-9]+)?)\z",
        Options,
        MatchLimit
    )]
    private static partial Regex DateAndTime();
}
