using System.Text.Json;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Tests.Rewriting;

/// <summary>A rule that is easy to see: members called "old" are called "new".</summary>
internal sealed class RenameOld : IMessageRule
{
    public bool MayApply(ExchangeScope exchange) => true;

    public void Edit(ReadOnlySpan<byte> message, ExchangeScope exchange, JsonEdits edits)
    {
        var reader = new Utf8JsonReader(message);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("old"u8))
            {
                edits.Replace((int)reader.TokenStartIndex, "\"old\"".Length, "\"new\""u8.ToArray());
            }
        }
    }
}
