namespace Tunnel.Connector.Cli;

/// <summary>What <c>mcpr</c> exits with.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    public const int Configuration = 3;
    public const int NotAuthenticated = 4;
    public const int RelayUnavailable = 5;
    public const int NameRefused = 7;
    public const int PortInUse = 9;
}
