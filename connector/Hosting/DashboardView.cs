using Tunnel.Connector.Configuration;
using Tunnel.ProxyCore.Dashboard;
using Tunnel.ProxyCore.Dashboard.Access;

namespace Tunnel.Connector.Hosting;

/// <summary>The dashboard of a run: its port, and who gets in.</summary>
/// <param name="Listener">Its port.</param>
/// <param name="Key">Who gets in.</param>
internal sealed record DashboardView(DashboardListener Listener, DashboardKey Key)
{
    /// <returns>Null where none is wanted.</returns>
    public static DashboardView? Create(Settings settings)
    {
        var place = settings.Get(DashboardSchema.Listen);
        return place.IsOn
            ? new DashboardView(
                place.EndPoint is { } endpoint ? new DashboardListener(endpoint) : DashboardListener.AtUsualPort(),
                new DashboardKey()
            )
            : null;
    }

    /// <summary>Prints the URL that lets one browser in, and the next one whenever that was used.</summary>
    public void Announce(Action<string> say)
    {
        say($"dashboard {UrlWith(Key.Token)}");
        Key.Used = next => say($"dashboard opened; for another browser {UrlWith(next)}");
    }

    private string UrlWith(string token) => $"http://{Listener.EndPoint}/?t={token}";
}
