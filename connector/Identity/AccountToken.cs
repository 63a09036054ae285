namespace Tunnel.Connector.Identity;

/// <summary>The token that the operator of a relay gave out: never from the command line, where others can read it.</summary>
internal static class AccountToken
{
    public const string Variable = "MCPR_TOKEN";

    /// <returns>Null when there is none.</returns>
    /// <exception cref="IdentityException">What is there cannot be sent as a credential.</exception>
    public static string? FromEnvironment() => Parse(Environment.GetEnvironmentVariable(Variable), Variable);

    /// <param name="text">What somebody gave as a token.</param>
    /// <param name="source">Where it came from, for the message.</param>
    /// <returns>Null when it is empty.</returns>
    /// <exception cref="IdentityException">What is there cannot be sent as a credential.</exception>
    public static string? Parse(string? text, string source)
    {
        var token = text?.Trim();
        if (string.IsNullOrEmpty(token))
        {
            return null;
        }

        return token.All(char.IsAscii) && !token.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
            ? token
            : throw new IdentityException($"{source} has characters that no token has", "it is the one line that the operator gave you");
    }
}
