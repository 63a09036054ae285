using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>A line of <see cref="ConfigurationSchema"/>: one value, or tables of which there can be many.</summary>
/// <param name="Path">How it is called in a file, with dots, as in <c>limits.upstream_timeout</c>.</param>
/// <param name="Description">What it does, in one line; help and docs/config.md have the same one.</param>
internal abstract record ConfigurationEntry(string Path, string Description)
{
    private const string VariablePrefix = "MCPR_";

    /// <summary>The option on the command line, or null where there is none.</summary>
    public string? Flag { get; init; }

    /// <summary>Whether a change in a file counts at once. Everything else needs a restart.</summary>
    public bool Reloads { get; init; }

    /// <summary>The path as Microsoft.Extensions.Configuration writes it: <c>limits:upstream_timeout</c>.</summary>
    public string Section => Path.Replace('.', ':');

    /// <summary>The variable: <c>MCPR_LIMITS_UPSTREAM_TIMEOUT</c>.</summary>
    public string Variable => VariablePrefix + Path.ToUpperInvariant().Replace('.', '_');

    /// <returns>What is wrong with the text of an option or a variable, or null.</returns>
    public abstract string? FindProblem(string text);
}
