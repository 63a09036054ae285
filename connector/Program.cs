using System.CommandLine;
using System.CommandLine.Parsing;
using Tunnel.Connector.Cli;

var root = BareCommand.Create();

// Arguments such as @scope/package are meant as they are.
var parsed = root.Parse(CommandArgument.Separate(args, root), new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    return UsageError.Report(parsed);
}

return await parsed.InvokeAsync(
    new InvocationConfiguration { ProcessTerminationTimeout = ConnectorRun.DrainTimeout + TimeSpan.FromSeconds(1) }
);
