using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Tunnel.ProxyCore.Configuration.Toml;

namespace Tunnel.ProxyCore.Configuration;

/// <summary>What a key can be set to. Flags and variables are text; a file has types, which become the same text.</summary>
/// <param name="Name">The kind in messages and in docs/config.md: "duration".</param>
/// <param name="HelpName">What stands behind the option in the help: "seconds".</param>
public abstract record ValueKind(string Name, string HelpName)
{
    /// <summary>What stands between the items of a list in text.</summary>
    public const char ListSeparator = ',';

    /// <summary>The types that a file may use. A list is an array of these.</summary>
    public required ImmutableArray<TomlKind> TomlKinds { get; init; }

    /// <summary>Whether there can be several values.</summary>
    public bool IsList { get; init; }

    /// <summary>Tells whether a value names a file or folder, which in a file is meant relative to that file.</summary>
    public Func<string, bool> IsPath { get; init; } = static _ => false;

    /// <returns>What is wrong with the text, or null.</returns>
    public abstract string? FindProblem(string text);
}

/// <inheritdoc cref="ValueKind"/>
/// <param name="Name">The kind in messages.</param>
/// <param name="HelpName">What stands behind the option.</param>
/// <param name="Parse">Reads the text.</param>
public sealed record ValueKind<T>(string Name, string HelpName, ValueParser<T> Parse) : ValueKind(Name, HelpName)
{
    public override string? FindProblem(string text) => Parse(text, out _, out var problem) ? null : problem;
}

/// <summary>Reads a value, or says what is wrong in a sentence that names the text.</summary>
public delegate bool ValueParser<T>(string text, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out string? problem);
