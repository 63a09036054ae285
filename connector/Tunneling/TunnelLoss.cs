using Microsoft.AspNetCore.SignalR;

namespace Tunnel.Connector.Tunneling;

/// <summary>What ends an opening, or an attempt at one, without anybody having refused it.</summary>
internal static class TunnelLoss
{
    public const string OfTheRelay = "connection to the relay lost";

    public static bool Is(Exception exception) =>
        exception
            is RelayUnreachableException
                or InvalidDataException
                or IOException
                or HubException
                or InvalidOperationException
                or TimeoutException
                or OperationCanceledException;

    /// <summary>As the person gets to read it.</summary>
    public static string Describe(Exception loss) => loss is RelayUnreachableException or InvalidDataException ? loss.Message : OfTheRelay;
}
