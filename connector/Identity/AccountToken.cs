namespace Tunnel.Connector.Identity;

/// <summary>The token that the operator of a relay gave out, from the environment: never from the command line, where others can read it.</summary>
internal static class AccountToken
{
    public const string Variable = "MCPR_TOKEN";

    /// <returns>Null when there is none.</returns>
    /// <exception cref="IdentityException">What is there cannot be sent as a credential.</exception>
    public static string? FromEnvironment()
    {
        var token = Environment.GetEnvironmentVariable(Variable)?.Trim();
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        return token.All(char.IsAscii) && !token.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
            ? token
            : throw new IdentityException(
                $"{Variable} has characters that no token has",
                "set it to the one line that the operator gave you"
            );
    }
}
