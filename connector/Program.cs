using System.CommandLine;
using System.CommandLine.Parsing;
using Tunnel.Connector.Cli;

// Known without a look at any command; making them all takes longer than the rest of such a run.
if (args is ["--version"])
{
    Console.WriteLine(ProductVersion.Current);
    return ExitCodes.Success;
}

var root = BareCommand.Create();
var words = FamiliarOptions.Translate(CommandArgument.Separate(args, root), out var refusal);
if (refusal is not null)
{
    return refusal.Report();
}

// Arguments such as @scope/package are meant as they are.
var parsed = root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    return UsageError.Report(parsed);
}

return await parsed.InvokeAsync(
    new InvocationConfiguration { ProcessTerminationTimeout = ConnectorRun.DrainTimeout + TimeSpan.FromSeconds(1) }
);
