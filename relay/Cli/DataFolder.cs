using System.CommandLine;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Names;
using Tunnel.Relay.State;

namespace Tunnel.Relay.Cli;

/// <summary>Lets commands work on the folder where a relay keeps its names and tokens.</summary>
/// <param name="resolve">Reads the options, or says what is wrong with them.</param>
internal sealed class DataFolder(Func<ParseResult, RelayOptions?> resolve)
{
    /// <returns>The exit code.</returns>
    public async Task<int> UseAsync(ParseResult result, Func<RelayDatabase, Task<int>> action)
    {
        if (resolve(result) is not { } options)
        {
            return ExitCodes.Configuration;
        }

        try
        {
            return await action(new RelayDatabase(options));
        }
        catch (DataDirectoryException unusable)
        {
            return Say.Fail(ExitCodes.Configuration, unusable.Message, DataDirectoryException.Hint);
        }
        catch (Exception unavailable) when (unavailable is NameStoreUnavailableException or TokenStoreUnavailableException)
        {
            return Say.Fail(
                ExitCodes.Failure,
                $"{unavailable.Message}: {unavailable.InnerException?.Message}",
                "the folder may be busy or damaged; try again"
            );
        }
    }
}
