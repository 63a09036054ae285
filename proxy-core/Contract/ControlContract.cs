using System.Text.Json.Serialization;

namespace Tunnel.ProxyCore.Contract;

/// <summary>What a connector calls on the relay's control hub.</summary>
public interface IControlHub
{
    /// <summary>Claims a name and opens this connection's tunnel. A refusal is a result, not an exception.</summary>
    Task<OpenTunnelResult> OpenTunnel(OpenTunnelRequest request);

    /// <summary>A ticket for one data connection of this connection's tunnel, valid once and for a short time; null when the tunnel is gone.</summary>
    Task<string?> IssueDataTicket();

    /// <summary>The connector stops: the relay sends nothing new into the tunnel and lets running exchanges finish.</summary>
    Task CloseTunnel();

    /// <summary>Is answered, and does nothing else: for a connector that has to know at once whether the relay is still there.</summary>
    Task Ping();
}

/// <summary>What the relay calls on a connector.</summary>
public interface IConnectorClient
{
    /// <summary>The tunnel is over for good; <paramref name="refusal"/> says why. The connector must not reconnect by itself.</summary>
    Task Evicted(TunnelRefusal refusal);

    /// <summary>This relay is about to stop. The connector opens its tunnel elsewhere first and leaves then; the tunnel here serves on meanwhile.</summary>
    Task Drain(DrainNotice notice);

    /// <summary>Something that the person at the connector wants to know. Connectors of before this was there do not hear it.</summary>
    Task Notice(TunnelNotice notice);

    /// <summary>There are other relays than those that the answer to <see cref="IControlHub.OpenTunnel"/> named.</summary>
    Task NodesChanged(NodesNotice notice);
}

/// <param name="ProtocolVersion">The version the connector speaks, <see cref="TunnelProtocol.Version"/>.</param>
/// <param name="ClientVersion">The version of the connector's program; the relay reads nothing from it.</param>
/// <param name="Name">The name wanted, or null for the one of this project (a new one on its first run).</param>
/// <param name="Project">An opaque stable fingerprint of what is being tunnelled; the relay cannot read anything from it.</param>
/// <param name="Instance">Random for every run: a connector that comes back replaces itself, whatever else shares the name.</param>
/// <param name="Join">Whether to share the name with other connectors of the same owner that want so too.</param>
/// <param name="Continues">
/// The generation of an opening by the same instance that is to be served at this relay too, beside the one where it is; <paramref name="Name"/>
/// is its name. Null for an opening of its own.
/// </param>
public sealed record OpenTunnelRequest(
    int ProtocolVersion,
    string ClientVersion,
    string? Name,
    string Project,
    string? Instance = null,
    bool Join = false,
    long? Continues = null
);

/// <summary>Exactly one of the two is set.</summary>
public sealed record OpenTunnelResult(OpenedTunnel? Tunnel, TunnelRefusal? Refusal);

/// <param name="Name">The name that the tunnel has.</param>
/// <param name="PublicUrl">The origin that visitors use, without a path.</param>
/// <param name="Generation">Rises with every opening of the name; a higher one replaces a lower one.</param>
/// <param name="DataConnections">How many data connections to keep.</param>
/// <param name="DataOrigins">Where to dial them, in turn; null for where the control connection went.</param>
/// <param name="Domains">Origins of the owner's own domains that lead here too; null for none.</param>
/// <param name="Elsewhere">Origins of other relays that the opening may be served at as well, the best first; null for none.</param>
public sealed record OpenedTunnel(
    string Name,
    string PublicUrl,
    long Generation,
    int DataConnections,
    IReadOnlyList<string>? DataOrigins = null,
    IReadOnlyList<string>? Domains = null,
    IReadOnlyList<string>? Elsewhere = null
);

/// <param name="Text">One line.</param>
public sealed record TunnelNotice(string Text);

/// <param name="SecondsLeft">How long this relay serves on, at most.</param>
/// <param name="Elsewhere">Origins of relays to open the tunnel at; null for where this one was reached.</param>
public sealed record DrainNotice(int SecondsLeft, IReadOnlyList<string>? Elsewhere = null);

/// <param name="Elsewhere">In the place of <see cref="OpenedTunnel.Elsewhere"/>.</param>
public sealed record NodesNotice(IReadOnlyList<string>? Elsewhere);

/// <param name="Code">A code of the error catalog, such as E7301.</param>
/// <param name="Message">What happened.</param>
/// <param name="Hint">What the person can do about it.</param>
/// <param name="Fatal">Whether trying again without a change is pointless.</param>
public sealed record TunnelRefusal(string Code, string Message, string Hint, bool Fatal);

/// <summary>The JSON of the control plane, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OpenTunnelRequest))]
[JsonSerializable(typeof(OpenTunnelResult))]
[JsonSerializable(typeof(TunnelRefusal))]
[JsonSerializable(typeof(DrainNotice))]
[JsonSerializable(typeof(TunnelNotice))]
[JsonSerializable(typeof(NodesNotice))]
[JsonSerializable(typeof(string))]
public sealed partial class ContractJson : JsonSerializerContext;
