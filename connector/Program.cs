using System.CommandLine;
using System.CommandLine.Parsing;
using Tunnel.Connector.Cli;

var root = new RootCommand("Puts a proxy that understands MCP, and a public URL, in front of your MCP server.") { TunnelCommand.Create() };

// Arguments such as @scope/package are meant as they are.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    return UsageError.Report(parsed);
}

return await parsed.InvokeAsync(
    new InvocationConfiguration { ProcessTerminationTimeout = TunnelCommand.DrainTimeout + TimeSpan.FromSeconds(1) }
);
