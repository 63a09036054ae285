namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>A connector that listens on a free port of this machine, with a user configuration folder of its own.</summary>
internal sealed class LocalProxy : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private LocalProxy() { }

    public ChildProcess Process { get; private set; } = null!;

    /// <summary>The local MCP URL that it printed.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Starts <c>mcpr</c> with these arguments and waits until it listens.</summary>
    public static async Task<LocalProxy> StartAsync(
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingFolder = null
    )
    {
        var proxy = new LocalProxy();
        proxy.Process = Launch(arguments, proxy._folder.Path, environment, workingFolder);
        // mcpr: listening on http://127.0.0.1:41231/mcp, upstream …
        var line = await proxy.Process.Error.WaitForAsync(
            line => line.Contains("listening on ", StringComparison.Ordinal),
            cancellationToken
        );
        proxy.Url = new Uri(line.Split("listening on ")[1].Split(',')[0]);
        return proxy;
    }

    /// <summary>Starts <c>mcpr</c> without waiting, for when it is not going to run.</summary>
    public static ChildProcess Launch(
        IEnumerable<string> arguments,
        string configFolder,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingFolder = null
    ) =>
        ChildProcess.Start(
            Programs.Connector,
            arguments,
            new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>(StringComparer.Ordinal), StringComparer.Ordinal)
            {
                ["XDG_CONFIG_HOME"] = configFolder,
                ["XDG_STATE_HOME"] = configFolder,
            },
            // The folder of the tests is below a checkout, whose file would count.
            workingFolder ?? configFolder
        );

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _folder.Dispose();
    }
}
