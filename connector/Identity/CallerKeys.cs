using Tunnel.Connector.Cli;
using Tunnel.Connector.Configuration;
using Tunnel.ProxyCore.Access;

namespace Tunnel.Connector.Identity;

/// <summary>The keys that callers may show: from a file or the environment, never from the command line, where others can read them.</summary>
internal static class CallerKeys
{
    private const string Variable = "MCPR_API_KEY";

    /// <returns>The keys, none where anybody may call, or null with what is wrong.</returns>
    public static IReadOnlyList<string>? Read(Settings settings, out Refusal? refusal)
    {
        refusal = null;
        List<string> keys = [];
        if (Environment.GetEnvironmentVariable(Variable)?.Trim() is { Length: > 0 } key)
        {
            keys.Add(key);
        }

        if (settings.TryGet(ConfigurationSchema.ApiKeyFile, out var file))
        {
            try
            {
                keys.AddRange(File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0));
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                refusal = new Refusal(ExitCodes.Configuration, $"cannot read keys: {unreadable.Message}", "check --api-key-file");
                return null;
            }

            if (keys.Count == 0)
            {
                // Somebody who names a file wants a guard, and an empty one would be an open door.
                refusal = new Refusal(
                    ExitCodes.Configuration,
                    $"{file} has no key",
                    "write one into it, such as from: openssl rand -hex 32"
                );
                return null;
            }
        }

        if (keys.Any(shortest => shortest.Length < ApiKeys.MinLength))
        {
            refusal = new Refusal(
                ExitCodes.Configuration,
                $"a key has less than {ApiKeys.MinLength} characters and could be guessed",
                "make one with: openssl rand -hex 32"
            );
            return null;
        }

        return keys;
    }
}
