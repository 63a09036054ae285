namespace Tunnel.ProxyCore.Configuration;

/// <summary>Something that has to be corrected before anything can start.</summary>
/// <param name="Where">File and line, variable or option; empty where the message says it all.</param>
/// <param name="Message">What is wrong, with the value.</param>
/// <param name="Hint">What to write instead, if that can be said.</param>
public sealed record ConfigurationProblem(string Where, string Message, string? Hint = null)
{
    public override string ToString() => Where.Length == 0 ? Message : $"{Where}: {Message}";
}
