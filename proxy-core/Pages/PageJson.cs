using System.Text.Json.Serialization;

namespace Tunnel.ProxyCore.Pages;

/// <summary>Strings as JSON writes them, for configurations to paste.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class PageJson : JsonSerializerContext;
