using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>One thing that can be set: how it is called in a file, in the environment and on the command line.</summary>
/// <param name="Path">Tables and key with dots, as in <c>limits.upstream_timeout</c>.</param>
/// <param name="Description">What it does, in one line; help and docs/config.md have the same one.</param>
internal abstract record ConfigurationKey(string Path, string Description) : ConfigurationEntry(Path, Description)
{
    /// <summary>The value where nobody sets one, or null where there is none then.</summary>
    public string? Default { get; init; }

    /// <summary>A second variable that means the same; the first one wins.</summary>
    public string? VariableAlias { get; init; }

    /// <summary>Whether every one of the <see cref="ConfigurationTables"/> that it belongs to has to have it.</summary>
    public bool IsRequired { get; init; }

    public abstract ValueKind Kind { get; }

    public override string? FindProblem(string text) => Kind.FindProblem(text);
}

/// <inheritdoc cref="ConfigurationKey"/>
/// <param name="Path">Tables and key with dots.</param>
/// <param name="Values">What it can be set to.</param>
/// <param name="Description">What it does, in one line.</param>
internal sealed record ConfigurationKey<T>(string Path, ValueKind<T> Values, string Description) : ConfigurationKey(Path, Description)
{
    public override ValueKind Kind => Values;
}
