using System.Collections.Immutable;
using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>
/// Tables in their short form, with spaces between them: <c>files=9001 notes=9002,9003</c>. What stands before the first <c>=</c> is the
/// first key of the tables, the rest their second.
/// </summary>
internal static class ShortTables
{
    public const char Separator = ' ';

    /// <returns>What is set in every one of the tables, or null with what is wrong.</returns>
    public static ImmutableArray<ImmutableArray<(ConfigurationKey Key, string Text)>>? Read(
        ConfigurationTables tables,
        string text,
        out string? problem
    )
    {
        problem = null;
        var keys = ConfigurationSchema.KeysOf(tables);
        var all = ImmutableArray.CreateBuilder<ImmutableArray<(ConfigurationKey, string)>>();
        foreach (var item in text.Split(Separator, StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = item.Split('=', 2);
            problem =
                parts.Length < 2
                    ? $"'{item}' is not written as {tables.ShortForm}"
                    : keys[0].Kind.FindProblem(parts[0]) ?? keys[1].Kind.FindProblem(parts[1]);
            if (problem is not null)
            {
                return null;
            }

            all.Add([(keys[0], parts[0]), (keys[1], parts[1])]);
        }

        return all.ToImmutable();
    }
}
