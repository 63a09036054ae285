namespace Tunnel.Connector.Cloud;

/// <summary>
/// What waits in folders beside ours, for another relay, server or token. It may belong to another project, so it is not sent with what is set now; and it
/// must not lie there for ever.
/// </summary>
internal static class ForeignSpills
{
    /// <summary>As long as a project keeps events if it does not say otherwise.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>Deletes what is too old, and tells of what waits for the same server.</summary>
    /// <param name="own">Our folder.</param>
    /// <param name="news">Tells people.</param>
    /// <param name="now">The time.</param>
    public static void Review(string own, CloudNews news, DateTimeOffset now)
    {
        try
        {
            var all = Path.GetDirectoryName(own)!;
            foreach (var folder in Directory.Exists(all) ? Directory.GetDirectories(all) : [])
            {
                if (folder != own && HasAny(folder, now - KeptFor) && ServerOf(folder) == ServerOf(own))
                {
                    news.Say(
                        $"events wait in {folder} for another token or relay; "
                            + $"they are sent when mcpr runs with that again, and deleted after {KeptFor.Days} days"
                    );
                }
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            news.Say($"what waits for other tokens and relays cannot be looked at: {unreadable.Message}");
        }
    }

    /// <summary><c>shop</c> of <c>shop-0123abcd</c>.</summary>
    private static string ServerOf(string folder)
    {
        var name = Path.GetFileName(folder);
        return name.LastIndexOf('-') is > 0 and var end ? name[..end] : name;
    }

    /// <summary>Looks at runs that have ended; those that go on look after themselves.</summary>
    private static bool HasAny(string folder, DateTimeOffset since)
    {
        var hasAny = false;
        foreach (var left in SpillLock.TakeLeft(folder))
        {
            using (left)
            {
                var segments = left.FindSegments();
                if (segments.Any(segment => File.GetLastWriteTimeUtc(segment) >= since.UtcDateTime))
                {
                    hasAny = true;
                    continue;
                }

                foreach (var old in segments)
                {
                    File.Delete(old);
                }

                left.Delete();
            }
        }

        return hasAny;
    }
}
