using System.Text.RegularExpressions;
using Tunnel.Connector.Identity;

namespace Tunnel.Connector.Remote;

/// <summary>
/// Headers for a server: <c>X-Team: blue</c>. What others must not see comes from the environment, <c>Authorization: Bearer ${TOKEN}</c>,
/// or from a file, <c>Authorization: @token.txt</c>: arguments of a program can be seen by everybody on the machine.
/// </summary>
internal static partial class RemoteHeaders
{
    /// <summary>What names of headers with secrets are made of.</summary>
    private static readonly string[] s_secretWords = ["auth", "cookie", "key", "token", "secret", "password", "passwd", "credential"];

    /// <param name="given">From the command line.</param>
    /// <param name="file">A file with more of them, a line each; lines that begin with # are none.</param>
    /// <param name="variable">Reads the environment.</param>
    /// <exception cref="IdentityException">One of them cannot be used; the message has no value.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(
        IEnumerable<string> given,
        string? file,
        Func<string, string?> variable
    ) => [.. FromFile(file, variable), .. given.Select(text => FromArgument(text, variable))];

    private static IEnumerable<KeyValuePair<string, string>> FromFile(string? file, Func<string, string?> variable) =>
        file is null
            ? []
            : ReadFile(file)
                .Split('\n')
                .Select(line => line.Trim())
                .Where(line => line.Length > 0 && line[0] != '#')
                .Select(line => Split(line, $"{file} has a line that is no header"))
                .Select(header => Expand(header, variable));

    private static KeyValuePair<string, string> FromArgument(string text, Func<string, string?> variable)
    {
        var header = Split(text, "--header has no colon");
        if (header.Value.StartsWith('@'))
        {
            return Check(new(header.Key, ReadFile(header.Value[1..]).Trim()));
        }

        var expanded = Expand(header, variable);
        return expanded.Value == header.Value && IsSecret(header.Key)
            ? throw new IdentityException(
                $"the value of {header.Key} stands in the command line, where others on this machine can read it",
                $"--header '{header.Key}: ${{VARIABLE}}' takes it from the environment, --header '{header.Key}: @FILE' from a file"
            )
            : expanded;
    }

    private static KeyValuePair<string, string> Split(string text, string problem)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? new(text[..colon].Trim(), text[(colon + 1)..].Trim())
            : throw new IdentityException(problem, "a header is written as NAME: VALUE");
    }

    private static KeyValuePair<string, string> Expand(KeyValuePair<string, string> header, Func<string, string?> variable) =>
        Check(
            new(
                header.Key,
                Variable()
                    .Replace(
                        header.Value,
                        match =>
                            variable(match.Groups["name"].Value)
                            ?? throw new IdentityException(
                                $"{header.Key} needs the variable {match.Groups["name"].Value}, which is not set",
                                "clients pass variables on that stand in the env of the server"
                            )
                    )
            )
        );

    private static KeyValuePair<string, string> Check(KeyValuePair<string, string> header)
    {
        using var probe = new HttpRequestMessage();
        return
            !header.Value.AsSpan().ContainsAnyInRange('\0', '\x1f')
            && probe.Headers.TryAddWithoutValidation(header.Key, header.Value)
            && !header.Key.Contains(' ', StringComparison.Ordinal)
            ? header
            : throw new IdentityException(
                $"{header.Key} is no header that can be sent",
                "names have no spaces, values no control characters"
            );
    }

    private static bool IsSecret(string name) =>
        Array.Exists(s_secretWords, word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static string ReadFile(string path)
    {
        try
        {
            return SecretFile.Read(path, $"chmod 600 {path}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new IdentityException($"cannot read headers: {unreadable.Message}", "check the name of the file");
        }
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
