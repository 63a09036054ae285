using Tunnel.ProxyCore.Bridge;
using Tunnel.ProxyCore.Servers.Offers;

namespace Tunnel.ProxyCore.Servers;

/// <summary>One MCP server behind the proxy.</summary>
public sealed class McpServerOptions
{
    // No such scheme exists; it is what logs and events show, and nothing ever connects to it.
    private const string StdioScheme = "stdio";

    private StdioServerOptions? _stdio;

    /// <summary>The first segment of its paths, as <see cref="McpServerName"/> allows it; null for the one server that has the paths nobody else has.</summary>
    public string? Name { get; set; }

    /// <summary>Its endpoint, such as <c>http://localhost:9000/mcp</c>. Several are the same server more than once, with the same path.</summary>
    public IReadOnlyList<Uri> Urls { get; set; } = [];

    /// <summary>The program to run in place of an address; null for a server that is on the network.</summary>
    public StdioServerOptions? Stdio
    {
        get => _stdio;
        set
        {
            _stdio = value;
            Urls = value is null ? [] : [new Uri($"{StdioScheme}://{Name ?? "server"}{value.StreamPath ?? value.EventsPath}")];
        }
    }

    /// <summary>Which of its tools there are for callers, and under which names.</summary>
    public NameRuleOptions Tools { get; set; } = new();

    /// <summary>The same for prompts.</summary>
    public NameRuleOptions Prompts { get; set; } = new();

    /// <summary>The same for resources, by URI, and for templates of them.</summary>
    public NameRuleOptions Resources { get; set; } = new();

    /// <summary>The path under which callers reach its endpoint: <c>/files/mcp</c>, or its own path where it has no name.</summary>
    public string PublicPath => Name is null ? Urls[0].AbsolutePath : $"/{Name}/mcp";

    /// <summary>All that is wrong, each as a sentence.</summary>
    internal IEnumerable<string> FindProblems()
    {
        if (Name is not null && McpServerName.FindProblem(Name) is { } problem)
        {
            yield return problem;
        }

        if (Urls.Count == 0)
        {
            yield return $"{this} has no URL";
        }
        else if (Stdio is { Command.Count: 0 })
        {
            yield return $"{this} has a command without a program";
        }
        else if (Stdio is null && Urls.Any(url => url is not { IsAbsoluteUri: true, Scheme: "http" or "https" }))
        {
            yield return $"{this} must have absolute http or https URLs";
        }
        else if (Urls.Any(url => url.AbsolutePath != Urls[0].AbsolutePath))
        {
            yield return $"{this} must have the same path in all its URLs";
        }
    }

    public override string ToString() => Name is null ? "the server without a name" : $"the server '{Name}'";
}
