using System.Text.Json;

namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>An application that starts a program and calls a tool of it twenty times at once.</summary>
internal static class StdioClient
{
    /// <summary>Node asks the system's resolver, which does not know *.localhost everywhere (RFC 6761 section 6.3).</summary>
    public static readonly KeyValuePair<string, string?> ResolvingLocalhostNames = new(
        "NODE_OPTIONS",
        $"--require {Repository.Tests("conformance", "resolve-localhost-names.cjs")}"
    );

    /// <param name="sdk"><c>v1</c>, <c>v2</c> or <c>modern</c>.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="arguments">Its arguments, as JSON.</param>
    /// <param name="program">The program and its arguments.</param>
    /// <param name="environment">Variables of the application, which the program gets too.</param>
    /// <param name="cancellationToken">The test is over.</param>
    /// <returns>What the application saw.</returns>
    public static async Task<JsonElement> CallAsync(
        string sdk,
        string tool,
        string arguments,
        IEnumerable<string> program,
        IReadOnlyDictionary<string, string?> environment,
        CancellationToken cancellationToken
    )
    {
        await using var client = ChildProcess.Start(
            Repository.Tests("node"),
            [Repository.Tests("stdio-client", "client.js"), sdk, tool, arguments, .. program],
            environment
        );
        var exitCode = await client.WaitForExitAsync(cancellationToken);

        Assert.True(exitCode == 0, $"the client exited with {exitCode}: {string.Join('\n', client.Error.Lines)}");
        using var seen = JsonDocument.Parse(string.Concat(client.Output.Lines));
        return seen.RootElement.Clone();
    }
}
