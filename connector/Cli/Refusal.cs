namespace Tunnel.Connector.Cli;

/// <summary>Why mcpr does not start.</summary>
internal sealed record Refusal(int ExitCode, string Message, string Hint)
{
    /// <summary>Tells it on stderr.</summary>
    /// <returns>The exit code.</returns>
    public int Report()
    {
        Console.Error.WriteLine($"mcpr: error: {Message}");
        Console.Error.WriteLine($"mcpr: hint: {Hint}");
        return ExitCode;
    }
}
