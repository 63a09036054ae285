using System.Text.RegularExpressions;

namespace Tunnel.ProxyCore.Captures;

/// <summary>Takes secrets out of what is kept or shown, by the names that stand beside them.</summary>
public static partial class Secrets
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Redacted = "[redacted]";

    /// <summary>Milliseconds; the patterns look at no more than bodies that were kept.</summary>
    private const int Limit = 200;

    private const string NamePattern =
        "authoriz|oauth|auth[-_]?(?:key|token|code)|api[-_]?key|access[-_]?key|token|secret|password|passwd|credential|assertion|verifier";

    /// <summary>Whether the value of a header is a secret.</summary>
    public static bool IsSecretHeader(string name) =>
        name.Equals("cookie", StringComparison.OrdinalIgnoreCase)
        || name.Equals("set-cookie", StringComparison.OrdinalIgnoreCase)
        // Who a person is; events have it hashed.
        || name.Equals("x-openai-subject", StringComparison.OrdinalIgnoreCase)
        || SecretName().IsMatch(name);

    /// <summary>A request target or URL whose query has no secrets, or the fields of a form without them.</summary>
    public static string WithoutSecrets(string target) => Replace(SecretInQuery(), target, $"${{name}}{Redacted}");

    /// <summary>A text, mostly JSON, whether whole, cut or in an event stream, without the texts beside names of secrets.</summary>
    public static string WithoutSecretTexts(string text) => Replace(SecretInJson(), text, $"${{name}}${{quote}}{Redacted}${{quote}}");

    private static string Replace(Regex secret, string text, string instead)
    {
        try
        {
            return secret.Replace(text, instead);
        }
        catch (RegexMatchTimeoutException)
        {
            // Better nothing than a secret.
            return Redacted;
        }
    }

    // A key that is none: those that only tell two requests from each other.
    [GeneratedRegex(NamePattern + "|x-auth|(?<!idempotency|sec-websocket)-key$", RegexOptions.IgnoreCase, Limit)]
    private static partial Regex SecretName();

    // The first field of a form has nothing before it, and what has a slash is no field.
    [GeneratedRegex(
        "(?<name>(?:[?&]|\\A(?=[^=&/?]*=))(?:[^=&]*(?:" + NamePattern + "|signature)[^=&]*|code|key|sig)=)[^&]+",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        Limit
    )]
    private static partial Regex SecretInQuery();

    /// <summary>
    /// <c>"api_key": "sk-1"</c>, and the same inside a text, <c>\"api_key\": \"sk-1\"</c>. A value that the end cuts off counts too. Tokens of progress and of
    /// pages are none that open anything.
    /// </summary>
    [GeneratedRegex(
        "(?<name>\\\\*\"(?![^\"\\\\]*(?:progress|page|max)_?token)[^\"\\\\]{0,60}(?:"
            + NamePattern
            + "|openai/subject)[^\"\\\\]{0,60}\\\\*\"\\s*:\\s*)"
            + "(?<quote>\\\\*\")(?:\\\\.|[^\"\\\\])*?(?:\\k<quote>|$)",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        Limit
    )]
    private static partial Regex SecretInJson();
}
