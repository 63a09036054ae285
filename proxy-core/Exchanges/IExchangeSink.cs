namespace Tunnel.ProxyCore.Exchanges;

/// <summary>Gets every finished exchange. Called on the request's own thread: implementations hand over and return.</summary>
public interface IExchangeSink
{
    void Record(ExchangeRecord exchange);
}
