using System.Text;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Bridge.Messages;

namespace Tunnel.ProxyCore.Tests.Remote;

/// <summary>A request as a server gets it.</summary>
internal sealed class Asked
{
    private readonly RpcMessage? _message;

    public Asked(HttpRequest request, string body)
    {
        Body = body;
        Headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Path = request.Path;
        _message = RpcMessage.Read(Encoding.UTF8.GetBytes(body));
        Method = _message?.Method ?? (body.Length > 0 ? "response" : request.Method);
    }

    /// <summary>The method of the message; of a request without a body that of HTTP.</summary>
    public string Method { get; }

    public string Body { get; }

    public string Path { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public string? IdText => _message is { IsRequest: true } ? Encoding.UTF8.GetString(_message.IdText.Span) : null;

    public string Result(string result) => $$"""{"jsonrpc":"2.0","id":{{IdText}},"result":{{result}}}""";
}
