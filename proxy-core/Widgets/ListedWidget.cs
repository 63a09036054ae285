namespace Tunnel.ProxyCore.Widgets;

/// <summary>What the list of resources says of a widget. A host looks there where the widget itself, once read, says nothing.</summary>
/// <param name="Ui">The <c>_meta.ui</c> of the entry, as JSON.</param>
/// <param name="OpenAiCsp">Its <c>_meta["openai/widgetCSP"]</c>.</param>
internal sealed record ListedWidget(ReadOnlyMemory<byte>? Ui, ReadOnlyMemory<byte>? OpenAiCsp);
