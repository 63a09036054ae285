using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tunnel.ProxyCore.Files;

namespace Tunnel.ProxyCore.Remote.Login;

/// <summary>Where the login at one server is kept: a file of its own, for its owner only. Several processes may use it.</summary>
internal sealed class LoginStore
{
    private static readonly TimeSpan s_lockInterval = TimeSpan.FromMilliseconds(200);

    private readonly string _path;

    /// <param name="folder">The folder of all logins.</param>
    /// <param name="server">The MCP endpoint.</param>
    public LoginStore(string folder, Uri server)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(server.AbsoluteUri)));
        _path = Path.Combine(folder, $"{server.IdnHost.Replace(':', '_')}-{hash[..16]}.json");
    }

    /// <returns>Null when there is none that can be used.</returns>
    /// <exception cref="RemoteLoginException">Others can read it.</exception>
    public StoredLogin? Read()
    {
        if (!File.Exists(_path))
        {
            return null;
        }

        if (PrivateFile.IsOpenToOthers(_path))
        {
            throw new RemoteLoginException($"{_path} can be read by others; delete it if they may have seen the token");
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), LoginJson.Default.StoredLogin);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Save(StoredLogin login) => PrivateFile.Replace(_path, JsonSerializer.Serialize(login, LoginJson.Default.StoredLogin));

    /// <summary>Keeps other processes from logging in at the same time: one window is enough, and a refresh token can be used once.</summary>
    /// <param name="limit">How long another one may hold it.</param>
    /// <param name="time">By what the limit goes.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <returns>Ends the lock when it is disposed of.</returns>
    /// <exception cref="RemoteLoginException">Another process holds it for too long.</exception>
    public async Task<IDisposable> LockAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        PrivateFile.CreateFolder(Path.GetDirectoryName(_path)!);
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(since) < limit)
            {
                await Task.Delay(s_lockInterval, time, cancellationToken);
            }
            catch (IOException)
            {
                throw new RemoteLoginException("another mcpr is logging in and does not get done");
            }
        }
    }
}
