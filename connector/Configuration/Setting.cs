namespace Tunnel.Connector.Configuration;

/// <summary>The value that counts for a key, and who set it.</summary>
/// <param name="Text">The value as text.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Origin">The same for people: a flag, a variable, or file and line.</param>
internal sealed record Setting(string Text, SettingSource Source, string Origin)
{
    public static Setting ByDefault(string text) => new(text, SettingSource.Default, "default");
}
