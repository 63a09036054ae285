namespace Tunnel.Connector.Configuration;

/// <summary>Something that has to be corrected before mcpr can start.</summary>
/// <param name="Where">File and line, or the variable.</param>
/// <param name="Message">What is wrong, with the value.</param>
/// <param name="Hint">What to write instead, if that can be said.</param>
internal sealed record ConfigurationProblem(string Where, string Message, string? Hint = null)
{
    public override string ToString() => $"{Where}: {Message}";
}
