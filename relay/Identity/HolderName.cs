namespace Tunnel.Relay.Identity;

/// <summary>Whom a token is for: <c>alice</c>, <c>ci.build</c>, <c>bob@example.com</c>.</summary>
internal static class HolderName
{
    public const int MaxLength = 64;

    /// <summary>What is allowed, for people.</summary>
    public const string Hint = "1 to 64 of letters, digits and - _ . @";

    public static bool IsOne(string name) =>
        name.Length is > 0 and <= MaxLength && name.All(character => char.IsAsciiLetterOrDigit(character) || "-_.@".Contains(character));
}
