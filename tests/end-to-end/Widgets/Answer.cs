using System.Text;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Widgets;

/// <summary>A response with its whole body.</summary>
internal sealed class Answer(RawResponse response, byte[] body)
{
    public int StatusCode => response.StatusCode;

    public string Body { get; } = Encoding.UTF8.GetString(body);

    public string? Header(string name) => response.Header(name);

    public IReadOnlyList<string> Headers(string name) => response.Headers(name);

    public static async Task<Answer> AskAsync(RawHttpClient caller, string request, CancellationToken cancellationToken)
    {
        await caller.SendAsync(request, cancellationToken);
        var response = await caller.ReadResponseAsync(cancellationToken, request.Split(' ')[0]);
        return new Answer(response, await response.ReadBodyAsync(cancellationToken));
    }
}
