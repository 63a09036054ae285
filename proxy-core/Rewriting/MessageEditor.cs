using System.Buffers;
using System.Text.Json;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>Runs a message through the rules of its exchange, one after the other.</summary>
internal sealed class MessageEditor(IMessageRule[] rules, ExchangeScope exchange)
{
    private readonly JsonEdits _edits = new();

    /// <returns>The changed message, or null when it stays as it is.</returns>
    public ReadOnlyMemory<byte>? Edit(ReadOnlyMemory<byte> message)
    {
        ReadOnlyMemory<byte>? changed = null;
        foreach (var rule in rules)
        {
            _edits.Clear();
            try
            {
                rule.Edit((changed ?? message).Span, exchange, _edits);
            }
            catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
            {
                // Not JSON, or a text with a lone surrogate: it goes through as it is.
                continue;
            }

            if (!_edits.IsEmpty)
            {
                var output = new ArrayBufferWriter<byte>(message.Length + 1024);
                _edits.Apply((changed ?? message).Span, output);
                changed = output.WrittenMemory;
            }
        }

        return changed;
    }
}
