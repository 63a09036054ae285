using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Widgets.Sources;

/// <summary>Where widget pages and what they load come from.</summary>
internal interface IWidgetSource
{
    /// <summary>What stands in front of a path where people read it: <c>http://localhost:5173</c>, or <c>widgets</c> for a folder.</summary>
    string Name { get; }

    /// <summary>The origin that its pages believe to have, or null where they know of none.</summary>
    string? Origin { get; }

    /// <summary>Answers a request, or leaves the answer to the caller and says what is wrong.</summary>
    Task<WidgetFailure?> ServeAsync(ExchangeScope exchange, string target, ExchangeObservation observation);
}

/// <summary>Why a source did not answer.</summary>
/// <param name="Error">What the caller is told.</param>
/// <param name="Detail">What the catalog cannot know.</param>
internal sealed record WidgetFailure(ProxyError Error, string Detail);
