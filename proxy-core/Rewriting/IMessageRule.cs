namespace Tunnel.ProxyCore.Rewriting;

/// <summary>A reason to change JSON-RPC messages on their way to the caller, in a JSON body or in the data of server-sent events.</summary>
internal interface IMessageRule
{
    /// <summary>Asked before the request goes out, as <see cref="IResponseRule.MayApply"/>.</summary>
    bool MayApply(ExchangeScope exchange);

    /// <summary>
    /// Notes what to change in one message. On a GET stream it may answer any request of the session, so rules go by its shape.
    /// </summary>
    /// <param name="message">A whole JSON text in UTF-8: a message, or a batch of them.</param>
    /// <param name="exchange">The exchange that it is sent in.</param>
    /// <param name="edits">Takes the changes, in any order, none inside another.</param>
    /// <exception cref="System.Text.Json.JsonException">The text is not JSON; it then goes through as it is.</exception>
    void Edit(ReadOnlySpan<byte> message, ExchangeScope exchange, JsonEdits edits);
}
