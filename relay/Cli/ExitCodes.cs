namespace Tunnel.Relay.Cli;

/// <summary>What <c>mcpr-relay</c> exits with.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    public const int Configuration = 3;
    public const int AddressInUse = 9;
}
