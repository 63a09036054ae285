namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>What a command left behind.</summary>
internal sealed record Outcome(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error)
{
    public static async Task<Outcome> OfAsync(ChildProcess process)
    {
        await using (process)
        {
            var exitCode = await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return new Outcome(exitCode, process.Output.Lines, process.Error.Lines);
        }
    }
}
