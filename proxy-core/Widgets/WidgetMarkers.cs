namespace Tunnel.ProxyCore.Widgets;

/// <summary>Tells in a glance that a message is about no widget, as nearly all tool results are, so that it is not parsed.</summary>
internal static class WidgetMarkers
{
    public static bool AreIn(ReadOnlySpan<byte> message) => HasResources(message) && HasWidgets(message);

    private static bool HasResources(ReadOnlySpan<byte> message) =>
        message.IndexOf("\"resource"u8) >= 0 || message.IndexOf("\"contents\""u8) >= 0;

    /// <summary>Some writers of JSON escape slashes (<c>ui:\/\/</c>), so nothing looked for has one.</summary>
    private static bool HasWidgets(ReadOnlySpan<byte> message) =>
        message.IndexOf("\"ui:"u8) >= 0
        || message.IndexOf("\"ui\""u8) >= 0
        || message.IndexOf("widgetCSP\""u8) >= 0
        || message.IndexOf("widgetDomain\""u8) >= 0;
}
