using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Widgets;

/// <summary>A tunnel with widgets from a folder, in which tests put what they need, and a secret beside it.</summary>
public sealed class FolderBed : IAsyncLifetime
{
    public const string Secret = "nobody may read this";

    private readonly TemporaryFolder _home = new();
    private JsonRpcOrigin _origin = null!;

    internal TunnelBed Tunnel { get; private set; } = null!;

    internal string Folder { get; private set; } = string.Empty;

    public async ValueTask InitializeAsync()
    {
        Folder = Directory.CreateDirectory(Path.Combine(_home.Path, "dist")).FullName;
        await File.WriteAllTextAsync(Path.Combine(_home.Path, "secret"), Secret, TestContext.Current.CancellationToken);
        _origin = await JsonRpcOrigin.StartAsync(TestContext.Current.CancellationToken);
        Tunnel = await TunnelBed.StartAsync(_origin.BaseAddress, TestContext.Current.CancellationToken, "--widgets", Folder, "--port", "0");
    }

    public async ValueTask DisposeAsync()
    {
        await Tunnel.DisposeAsync();
        await _origin.DisposeAsync();
        _home.Dispose();
    }

    internal string Put(string path, string content)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        return full;
    }

    /// <summary>Asks with exactly these bytes, where <c>{host}</c> stands for the public one.</summary>
    internal async Task<Answer> AskAsync(string request, CancellationToken cancellationToken)
    {
        await using var caller = await Tunnel.ConnectRawAsync(cancellationToken);
        return await Answer.AskAsync(caller, request.Replace("{host}", Tunnel.Host, StringComparison.Ordinal), cancellationToken);
    }

    internal Task<Answer> GetAsync(string target, CancellationToken cancellationToken, params string[] headers) =>
        AskAsync(
            $"GET {target} HTTP/1.1\r\nHost: {{host}}\r\n{string.Concat(headers.Select(line => line + "\r\n"))}\r\n",
            cancellationToken
        );
}
