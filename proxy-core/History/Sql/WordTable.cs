using System.Collections.Immutable;
using Tunnel.ProxyCore.Events;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>One of the tables of texts that events refer to. Text that is not known is empty there.</summary>
public sealed class WordTable
{
    /// <summary>Bounded: callers can invent names. What is beyond counts as "(other)", of which there are few.</summary>
    public const int MaxRows = 10_000;

    private const string Other = "(other)";

    public static readonly WordTable Series = new(
        "series",
        ["type", "server", "method", "tool", "client", "client_version", "protocol_version", "upstream"],
        static one => [one.Type, one.Server, one.Method, one.Tool, one.Client, one.ClientVersion, one.ProtocolVersion, one.Upstream],
        static one => [one.Type, one.Server, Other, one.Tool is null ? null : Other, Other, null, null, null]
    );

    /// <summary>What went wrong.</summary>
    public static readonly WordTable Failures = new(
        "failures",
        ["code", "message"],
        static one => one.Status is null or Outcomes.Ok ? null : [one.ErrorCode, one.ErrorMessage],
        static one => [one.ErrorCode, Other]
    );

    /// <summary>What few kinds of events have.</summary>
    public static readonly WordTable Details = new(
        "details",
        ["path", "reason", "widget", "directive", "blocked_uri", "fix"],
        static one =>
            one is { Path: null, Reason: null, Widget: null, Directive: null, BlockedUri: null, Fix: null }
                ? null
                : [one.Path, one.Reason, one.Widget, one.Directive, one.BlockedUri, one.Fix],
        static one => [null, one.Reason, Other, one.Directive, Other, null]
    );

    private readonly Func<McpEvent, string?[]?> _texts;
    private readonly Func<McpEvent, string?[]> _instead;

    private WordTable(string name, ImmutableArray<string> columns, Func<McpEvent, string?[]?> texts, Func<McpEvent, string?[]> instead)
    {
        Name = name;
        Columns = columns;
        _texts = texts;
        _instead = instead;
    }

    public string Name { get; }

    /// <summary>The columns of text, all of which make a row.</summary>
    public ImmutableArray<string> Columns { get; }

    /// <returns>What an event refers to, in the order of the columns; null where that is nothing.</returns>
    public Words? WordsOf(McpEvent one) => _texts(one) is { } texts ? new Words(texts) : null;

    /// <returns>What it refers to where there is no room for what it has.</returns>
    public Words InsteadOf(McpEvent one) => new(_instead(one));
}
