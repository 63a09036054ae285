namespace Tunnel.Relay.Configuration;

/// <summary>What a setting was set to, and where.</summary>
/// <param name="Text">The value as text.</param>
/// <param name="Origin">Where, for people: the flag, the variable, or file and line.</param>
/// <param name="Name">How the setting is called there.</param>
internal sealed record RelayValue(string Text, string Origin, string Name);
