using System.Text;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Processes;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Bridge.Web;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>
/// Finds out, when the first client of the revision 2026-07-28 comes, whether the program speaks it too, and translates where it does not.
/// As the revision wants it, the program is asked with <c>server/discover</c>; anything but an answer to that means that it is older.
/// </summary>
internal sealed partial class ModernServers(ProcessSource source, LanePool lanes, BridgeMetrics metrics, ILogger logger)
    : IAsyncDisposable,
        ILinkListener
{
    private readonly SemaphoreSlim _finding = new(1);
    private volatile IModernServer? _server;

    /// <exception cref="CallFailedException">The program cannot be started.</exception>
    public async ValueTask<IModernServer> GetAsync(CancellationToken cancellationToken)
    {
        if (_server is { } known)
        {
            return known;
        }

        await _finding.WaitAsync(cancellationToken);
        try
        {
            return _server ??= await FindAsync(cancellationToken);
        }
        finally
        {
            _finding.Release();
        }
    }

    public void Sweep() => _server?.Sweep();

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            await server.DisposeAsync();
        }
    }

    // What an old program says when it is asked about what it does not know is no business of anybody's.
    public ValueTask ReceiveAsync(ServerLink link, RpcMessage message) => ValueTask.CompletedTask;

    public void Closed(ServerLink link) { }

    private async Task<IModernServer> FindAsync(CancellationToken cancellationToken)
    {
        var direct = new DirectServer(source, metrics);
        if (source.Options.Protocol != ProgramProtocol.Auto)
        {
            return source.Options.Protocol == ProgramProtocol.Modern ? direct : new TranslatingServer(source, lanes);
        }

        var link = ServerLinks.Start(source, direct, metrics);
        var answer = new SingleAnswer();
        var probe = Probe();
        try
        {
            await link.CallAsync(new ServerCall(probe, this, answer), probe, cancellationToken);
            var response = await answer.Task.WaitAsync(source.Options.StartLimit, source.Time, cancellationToken);
            if (response.Result.Exists && response.Find(response.Result, "supportedVersions"u8).Exists)
            {
                direct.Use(link);
                Log.IsModern(logger);
                source.WarmUp();
                return direct;
            }
        }
        catch (Exception unanswered) when (unanswered is TimeoutException or CallFailedException)
        {
            // Programs of earlier revisions may be silent, or give up, when something comes before initialize.
        }

        await link.StopAsync();
        Log.IsLegacy(logger);
        return new TranslatingServer(source, lanes);
    }

    private static RpcMessage Probe() =>
        RpcMessage.Read(
            Encoding.UTF8.GetBytes(
                $$$$$"""
                {"jsonrpc":"2.0","id":0,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"{{{{{Revisions.FirstModern}}}}}","io.modelcontextprotocol/clientInfo":{{{{{Answers.OwnInfo}}}}},"io.modelcontextprotocol/clientCapabilities":{}}}}
                """
            )
        )!;

    private static partial class Log
    {
        [LoggerMessage(2221, LogLevel.Debug, "the program speaks the revision 2026-07-28")]
        public static partial void IsModern(ILogger logger);

        [LoggerMessage(2222, LogLevel.Debug, "the program speaks an earlier revision than 2026-07-28; requests of that one are translated")]
        public static partial void IsLegacy(ILogger logger);
    }
}
