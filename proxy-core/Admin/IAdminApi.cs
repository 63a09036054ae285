using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Admin;

/// <summary>What else is answered on the port for operators, besides metrics and health. It decides by itself who may ask.</summary>
public interface IAdminApi
{
    bool Has(PathString path);

    Task AnswerAsync(HttpContext context);
}
