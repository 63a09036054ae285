using Tunnel.Connector.Identity;

namespace Tunnel.Connector.Cloud;

/// <summary>The token of a member of the project. One in a file is read for every batch, so that it can be replaced while mcpr runs.</summary>
internal sealed class CloudToken
{
    private readonly string? _token;
    private readonly string? _path;

    private CloudToken(string? token, string? path) => (_token, _path) = (token, path);

    /// <param name="token">As <see cref="AccountToken.Parse"/> gives it.</param>
    public static CloudToken Of(string token) => new(token, path: null);

    /// <exception cref="IdentityException">The file has none, or others can read it.</exception>
    public static CloudToken InFile(string path)
    {
        var token = new CloudToken(token: null, path);
        token.Read();
        return token;
    }

    /// <exception cref="IdentityException">The file has none now, or others can read it.</exception>
    public string Read()
    {
        if (_token is not null)
        {
            return _token;
        }

        try
        {
            var text = SecretFile.Read(_path!, $"chmod 600 {_path}, and ask for a new token if others may have seen this one");
            return AccountToken.Parse(text, _path!)
                ?? throw new IdentityException($"{_path} has no token", "write one into it, of a sender or an editor of the project");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new IdentityException($"cannot read a token: {unreadable.Message}", "check --cloud-token-file");
        }
    }

    public override string ToString() => nameof(CloudToken);
}
