using System.CommandLine;
using System.CommandLine.Parsing;
using Tunnel.Relay.Cli;

var parsed = RelayCommand.Create().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    return UsageError.Report(parsed);
}

return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = RelayCommand.StopLimitOf(parsed) });
