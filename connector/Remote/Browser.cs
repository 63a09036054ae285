using System.ComponentModel;
using System.Diagnostics;

namespace Tunnel.Connector.Remote;

/// <summary>Opens a page as the person at this machine has it set up.</summary>
internal static class Browser
{
    public static void Open(Uri page)
    {
        ProcessStartInfo start =
            OperatingSystem.IsWindows() ? new("rundll32", ["url.dll,FileProtocolHandler", page.AbsoluteUri])
            : OperatingSystem.IsMacOS() ? new("open", [page.AbsoluteUri])
            : new("xdg-open", [page.AbsoluteUri]);
        // Our standard output is for messages, and what browsers print is none.
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            using var browser = Process.Start(start);
        }
        catch (Win32Exception)
        {
            // There is none here; the person was told where the page is.
        }
    }
}
