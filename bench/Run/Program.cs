using System.CommandLine;
using Tunnel.Bench.Run;

// What was started is ended first, also after Ctrl+C.
var patient = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(15) };
return await BenchCommand.RunAsync(args, patient);
