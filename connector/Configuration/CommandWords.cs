using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Tunnel.Connector.Configuration;

/// <summary>
/// A command as one text, as in a shell but without anything that a shell would do: <c>npx -y "my server" --root 'a b'</c>. Spaces separate
/// words; quotes and backslashes keep them together.
/// </summary>
internal static class CommandWords
{
    /// <returns>The text that <see cref="TrySplit"/> makes these words of again.</returns>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    public static bool TrySplit(string text, out IReadOnlyList<string> words, [NotNullWhen(false)] out string? problem)
    {
        List<string> found = [];
        words = found;
        problem = null;
        StringBuilder? word = null;
        char? quote = null;
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character == '\\' && quote != '\'' && index + 1 < text.Length && (quote is null || text[index + 1] is '"' or '\\'))
            {
                (word ??= new StringBuilder()).Append(text[++index]);
            }
            else if (character == quote)
            {
                quote = null;
            }
            else if (quote is null && character is '"' or '\'' && quote is null)
            {
                (quote, word) = (character, word ?? new StringBuilder());
            }
            else if (quote is null && char.IsWhiteSpace(character))
            {
                Take(found, ref word);
            }
            else
            {
                (word ??= new StringBuilder()).Append(character);
            }
        }

        Take(found, ref word);
        problem =
            quote is not null ? $"a quote ({quote}) is not closed"
            : found.Count == 0 || found[0].Length == 0 ? "there is no program in it"
            : null;
        return problem is null;
    }

    private static void Take(List<string> words, ref StringBuilder? word)
    {
        if (word is not null)
        {
            words.Add(word.ToString());
            word = null;
        }
    }

    private static string Quote(string word)
    {
        var isPlain = word.Length > 0 && !word.AsSpan().ContainsAny("'\"\\") && !word.Any(char.IsWhiteSpace);
        return isPlain ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
