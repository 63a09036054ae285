using Tunnel.Connector.Cli;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.Connector.Accounts;

/// <summary>A relay did not do what it was asked.</summary>
internal sealed class RelayApiException : Exception
{
    private RelayApiException(Refusal refusal)
        : base(refusal.Message)
    {
        Refusal = refusal;
    }

    /// <summary>What to tell the person.</summary>
    public Refusal Refusal { get; }

    public static RelayApiException Refused(ProxyError error) =>
        new(
            new Refusal(
                error.Status == 401 ? ExitCodes.NotAuthenticated
                    : error.Status == 503 ? ExitCodes.RelayUnavailable
                    : ExitCodes.NameRefused,
                $"{error.Title} [{error.Code}]",
                error.Hint
            )
        );

    public static RelayApiException Unreachable(Uri relay, string why) =>
        new(new Refusal(ExitCodes.RelayUnavailable, $"cannot reach {relay.Authority}: {why}", "check --relay and the network"));

    public static RelayApiException NoRelay() =>
        new(
            new Refusal(
                ExitCodes.RelayUnavailable,
                "it does not answer like a relay",
                "check --relay; a relay that is older than this mcpr does not know about names"
            )
        );
}
