using System.Text;
using System.Text.Encodings.Web;

namespace Tunnel.ProxyCore.Servers.Offers;

/// <summary>A name as it is written in a message.</summary>
internal static class JsonName
{
    public static byte[] Quote(string name) => Encoding.UTF8.GetBytes($"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(name)}\"");
}
