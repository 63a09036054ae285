using Tunnel.Connector.Configuration;
using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Cli;

/// <summary>All that is wrong with the configuration, on stderr: what and where, then what to do.</summary>
internal static class ProblemReport
{
    public static int Write(IEnumerable<ConfigurationProblem> problems)
    {
        foreach (var problem in problems)
        {
            Console.Error.WriteLine($"mcpr: error: {problem}");
            if (problem.Hint is { } hint)
            {
                Console.Error.WriteLine($"mcpr: hint: {hint}");
            }
        }

        return ExitCodes.Configuration;
    }
}
