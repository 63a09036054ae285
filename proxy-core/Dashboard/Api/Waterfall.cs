using Tunnel.ProxyCore.Events;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>The time of a request as stages, one after the other, in the order of docs/dashboard-api.md.</summary>
internal static class Waterfall
{
    public static IReadOnlyList<StageRow> Of(EventTiming timing)
    {
        var stages = new List<StageRow>(9);
        var at = 0L;
        var (edge, hold, rewrite) = (timing.Edge ?? 0, timing.Hold ?? 0, timing.Rewrite ?? 0);
        // 1. On the way here. What was not measured has no stage.
        if (timing.Edge is not null)
        {
            Add("edge", edge - hold);
        }

        AddUnlessNone("hold", hold);
        AddUnlessNone("tunnel", timing.Tunnel ?? 0);

        // 2. Here. What is ours comes before it is sent, but for the little after the end of the response.
        var isRewrittenHere = timing.Upstream == 0;
        Add("read", timing.Read);
        Add("connector", timing.Total - timing.Upstream - timing.Read - (isRewrittenHere ? rewrite : 0));

        // 3. At the server. Rules change a body while it comes; their time is told at its end.
        if (timing.Upstream > 0)
        {
            Add("wait", timing.Wait);
            Add("body", timing.Upstream - timing.Wait - rewrite);
        }

        AddUnlessNone("rewrite", rewrite);

        // 4. And back.
        AddUnlessNone("back", timing.Tunnel ?? 0);
        return stages;

        void AddUnlessNone(string stage, long microseconds)
        {
            if (microseconds > 0)
            {
                Add(stage, microseconds);
            }
        }

        void Add(string stage, long microseconds)
        {
            var duration = Math.Max(0, microseconds);
            stages.Add(new StageRow(stage, at / 1000.0, duration / 1000.0));
            at += duration;
        }
    }
}
