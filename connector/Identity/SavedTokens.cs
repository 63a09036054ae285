using Tunnel.ProxyCore.Files;

namespace Tunnel.Connector.Identity;

/// <summary>
/// Tokens that <c>mcpr login</c> keeps, one line for each relay:
/// <code>https://tunnel.example.com mcprt_…</code>
/// </summary>
internal sealed class SavedTokens(string folder)
{
    private const string FileName = "credentials";

    private readonly string _path = Path.Combine(folder, FileName);

    /// <exception cref="IdentityException">Others can read the file.</exception>
    public string? Find(Uri relay) => Read().GetValueOrDefault(KeyOf(relay));

    public void Save(Uri relay, string token) => Write([.. Read().Where(pair => pair.Key != KeyOf(relay)), new(KeyOf(relay), token)]);

    /// <returns>Whether there was one.</returns>
    public bool Remove(Uri relay)
    {
        var tokens = Read();
        if (!tokens.Remove(KeyOf(relay)))
        {
            return false;
        }

        Write(tokens);
        return true;
    }

    private static string KeyOf(Uri relay) => relay.GetLeftPart(UriPartial.Authority).ToLowerInvariant();

    private Dictionary<string, string> Read()
    {
        Dictionary<string, string> tokens = new(StringComparer.Ordinal);
        if (!File.Exists(_path))
        {
            return tokens;
        }

        foreach (var line in SecretFile.Read(_path, $"chmod 600 {_path}, and ask for new tokens if others may have seen these").Split('\n'))
        {
            if (line.Trim().Split(' ') is [var relay, var token])
            {
                tokens[relay] = token;
            }
        }

        return tokens;
    }

    private void Write(IEnumerable<KeyValuePair<string, string>> tokens) =>
        PrivateFile.Replace(_path, string.Concat(tokens.Select(pair => $"{pair.Key} {pair.Value}\n")));
}
