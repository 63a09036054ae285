using System.Text.Json;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>What has changed between two JSON documents, place by place. Objects are compared by member, everything else as a whole.</summary>
internal static class SchemaDifference
{
    /// <summary>More of them is another tool.</summary>
    private const int MaxChanges = 100;

    public static IReadOnlyList<SchemaChangeRow> Between(JsonElement before, JsonElement after)
    {
        List<SchemaChangeRow> changes = [];
        Compare(string.Empty, before, after, changes);
        return changes;
    }

    private static void Compare(string path, JsonElement before, JsonElement after, List<SchemaChangeRow> changes)
    {
        if (changes.Count >= MaxChanges || JsonElement.DeepEquals(before, after))
        {
            return;
        }

        if (before.ValueKind != JsonValueKind.Object || after.ValueKind != JsonValueKind.Object)
        {
            changes.Add(new SchemaChangeRow(path, "changed", before, after));
            return;
        }

        foreach (var member in before.EnumerateObject())
        {
            var place = $"{path}/{Escape(member.Name)}";
            if (after.TryGetProperty(member.Name, out var now))
            {
                Compare(place, member.Value, now, changes);
            }
            else
            {
                changes.Add(new SchemaChangeRow(place, "removed", member.Value, After: null));
            }
        }

        changes.AddRange(
            after
                .EnumerateObject()
                .Where(member => !before.TryGetProperty(member.Name, out _))
                .Select(member => new SchemaChangeRow($"{path}/{Escape(member.Name)}", "added", Before: null, member.Value))
        );
    }

    /// <summary>RFC 6901 section 3.</summary>
    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
