namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>A connector with a user configuration folder of its own, so that it is the same user after a restart.</summary>
internal sealed class ConnectorProcess : IAsyncDisposable
{
    private readonly TemporaryFolder? _ownedFolder;
    private readonly IReadOnlyList<string> _command;
    private readonly Dictionary<string, string?> _environment;

    private ConnectorProcess(string? configFolder, IReadOnlyList<string> command, IReadOnlyDictionary<string, string?>? environment)
    {
        _ownedFolder = configFolder is null ? new TemporaryFolder() : null;
        ConfigFolder = configFolder ?? _ownedFolder!.Path;
        _command = command;
        _environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["XDG_CONFIG_HOME"] = ConfigFolder,
            ["XDG_STATE_HOME"] = ConfigFolder,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            _environment[name] = value;
        }

        Process = Run();
    }

    public string ConfigFolder { get; }

    public ChildProcess Process { get; private set; }

    /// <summary>The public MCP URL that it printed.</summary>
    public Uri Url { get; private set; } = null!;

    public static async Task<ConnectorProcess> StartAsync(
        RelayProcess relay,
        string mcp,
        CancellationToken cancellationToken,
        string? configFolder = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        TcpLink? through = null,
        params string[] extraArguments
    )
    {
        var connector = Launch(relay, mcp, configFolder, environment, through, extraArguments);
        return await UpAsync(connector, cancellationToken);
    }

    /// <summary>Starts it by way of another program that becomes it.</summary>
    public static async Task<ConnectorProcess> StartWithinAsync(
        IReadOnlyList<string> prefix,
        RelayProcess relay,
        string mcp,
        CancellationToken cancellationToken
    )
    {
        string[] command = [.. prefix, Programs.Connector, "tunnel", "--mcp", mcp, "--relay", relay.Address.AbsoluteUri];
        var connector = new ConnectorProcess(configFolder: null, command, environment: null);
        return await UpAsync(connector, cancellationToken);
    }

    /// <summary>Starts it without waiting for a tunnel, for those that are not going to get one.</summary>
    public static ConnectorProcess Launch(
        RelayProcess relay,
        string mcp,
        string? configFolder = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        TcpLink? through = null,
        params string[] extraArguments
    )
    {
        var address = new UriBuilder(relay.Address) { Port = through?.Port ?? relay.Port }.Uri;
        return new(
            configFolder,
            [Programs.Connector, "tunnel", "--mcp", mcp, "--relay", address.AbsoluteUri, .. extraArguments],
            environment
        );
    }

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        Process = Run();
        await WaitUntilUpAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _ownedFolder?.Dispose();
    }

    private static async Task<ConnectorProcess> UpAsync(ConnectorProcess connector, CancellationToken cancellationToken)
    {
        try
        {
            await connector.WaitUntilUpAsync(cancellationToken);
            return connector;
        }
        catch
        {
            await connector.DisposeAsync();
            throw;
        }
    }

    private ChildProcess Run() => ChildProcess.Start(_command[0], _command.Skip(1), _environment);

    private async Task WaitUntilUpAsync(CancellationToken cancellationToken) =>
        Url = new Uri(await Process.Output.WaitForAsync(_ => true, cancellationToken));
}
