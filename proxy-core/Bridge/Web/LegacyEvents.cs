using System.Net;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Sessions;

namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>
/// The HTTP+SSE transport of the revision 2024-11-05: a GET opens the session and its only stream, whose first event says where to post.
/// The session ends with the stream.
/// </summary>
internal sealed class LegacyEvents(SessionHost host)
{
    public const string PostPath = "/messages";

    /// <summary>How the session is called in the query; the second is what other bridges say.</summary>
    private static readonly string[] s_sessionParameters = ["sessionId", "session_id"];

    public static string? SessionIdOf(BridgeRequest request) =>
        s_sessionParameters.Select(request.Query).FirstOrDefault(id => id is not null);

    public HttpResponseMessage Open(BridgeRequest request)
    {
        var session = host.Create(SessionVariables.Of(request, host.Options));
        host.Begin(session);
        var stream = session.Streams.Own;
        stream.Add(EventFrame.Endpoint($"{PostPath}?{s_sessionParameters[0]}={session.Id}"));
        var body = stream.Read();
        body.Left = () => host.End(session);
        return Answers.Events(body);
    }

    public async Task<HttpResponseMessage> PostAsync(
        BridgeRequest request,
        IReadOnlyList<RpcMessage> messages,
        CancellationToken cancellationToken
    )
    {
        if (SessionIdOf(request) is not { } id)
        {
            return Answers.BadRequest("Bad Request: sessionId is required");
        }

        if (host.Sessions.Find(id) is not { } session)
        {
            return Answers.SessionNotFound();
        }

        var target = new LastingStreamTarget(session.Streams.Own);
        if (messages is [{ Method: "initialize", IsRequest: true } initialize] && session.ProtocolVersion is null)
        {
            await InitializeAsync(session, initialize, cancellationToken);
        }
        else
        {
            await session.SendAsync(messages, target, CancellationToken.None);
        }

        var accepted = new ByteArrayContent("Accepted"u8.ToArray());
        return new HttpResponseMessage(HttpStatusCode.Accepted) { Content = accepted };
    }

    private async Task InitializeAsync(ClientSession session, RpcMessage initialize, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> answer;
        try
        {
            var response = await host.InitializeAsync(session, initialize, cancellationToken);
            answer = response.Text;
        }
        catch (CallFailedException failed)
        {
            answer = Answers.Failure(initialize.IdText, failed.Error);
        }

        await session.Streams.Own.SendAsync(answer);
    }
}
