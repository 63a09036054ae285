using System.Text.Json;
using System.Text.Json.Serialization;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Cluster;

/// <summary>What a relay tells the others when a name was opened on it.</summary>
/// <param name="Node">The address of the relay.</param>
/// <param name="Name">The name.</param>
/// <param name="OwnerId">Whose it is.</param>
/// <param name="Generation">The generation of the opening.</param>
/// <param name="Floor">Openings below it are over.</param>
/// <param name="Instance">The connector, as it calls itself.</param>
internal sealed record RouteNews(string Node, string Name, string OwnerId, long Generation, long Floor, string? Instance)
{
    public static RouteNews Of(TunnelSession session, string node) =>
        new(node, session.Name, session.Owner.OwnerId, session.Generation, session.Terms.Floor, session.Terms.Instance);

    public static RouteNews? TryParse(string message)
    {
        try
        {
            return JsonSerializer.Deserialize(message, RouteNewsJson.Default.RouteNews);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a session here is the connector that has just opened the name there.</summary>
    public bool IsOfInstance(TunnelSession session) =>
        Instance is not null && Instance == session.Terms.Instance && OwnerId == session.Owner.OwnerId;

    /// <summary>Whether a session here has to make way.</summary>
    public bool Outdates(TunnelSession session) => session.Generation < Floor || (session.Generation < Generation && IsOfInstance(session));

    public override string ToString() => JsonSerializer.Serialize(this, RouteNewsJson.Default.RouteNews);
}

[JsonSerializable(typeof(RouteNews))]
internal sealed partial class RouteNewsJson : JsonSerializerContext;
