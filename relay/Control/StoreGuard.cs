using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Names;

namespace Tunnel.Relay.Control;

/// <summary>Answers for a store that cannot be reached.</summary>
internal static class StoreGuard
{
    public static async Task RunAsync(HttpContext context, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (NameStoreUnavailableException)
        {
            await ErrorResponse.WriteAsync(context, ErrorCatalog.StoreUnavailable, ErrorSource.Edge);
        }
    }
}
