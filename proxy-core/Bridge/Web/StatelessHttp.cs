using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Modern;
using Tunnel.ProxyCore.Bridge.Sessions;

namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>
/// Streamable HTTP without sessions, for clients of the revisions that have them: every POST stands for itself, and any process that was told
/// the same about its client will do. Programs cannot ask clients anything this way.
/// </summary>
internal sealed class StatelessHttp(LanePool lanes, int maxEvents, BridgeMetrics metrics, TimeProvider time)
{
    public async Task<HttpResponseMessage> PostAsync(
        BridgeRequest request,
        IReadOnlyList<RpcMessage> messages,
        CancellationToken cancellationToken
    )
    {
        if (messages is not [var message])
        {
            return Answers.BadRequest("Bad Request: batches need sessions, which are switched off here");
        }

        if (!message.IsRequest)
        {
            return Answers.Accepted();
        }

        var target = new ModernTarget(request.AcceptsEvents, maxEvents, metrics, time) { AnswersErrorsWithOk = true };
        try
        {
            var lane = await lanes.ShareAsync(KeyOf(message), cancellationToken);
            if (message.Method == "initialize")
            {
                lanes.Return(lane);
                await target.EndAsync(lane.Greeting.With(lane.Greeting.Id, message.IdText));
            }
            else
            {
                var call = new ServerCall(message, this, new ReturningTarget(target, () => lanes.Return(lane)));
                await lane.Link.CallAsync(call, message, CancellationToken.None);
            }
        }
        catch (CallFailedException failed)
        {
            await target.FailAsync(message.IdText, failed.Error);
        }

        return await target.AnswerAsync(cancellationToken);
    }

    private static LaneKey KeyOf(RpcMessage message)
    {
        var isInitialize = message.Method == "initialize";
        var info = isInitialize ? message.Find(message.Params, "clientInfo"u8) : default;
        var capabilities = isInitialize ? message.Find(message.Params, "capabilities"u8) : default;
        return LaneKey.Of(message.Bytes(info), capabilities.Exists ? message.Bytes(capabilities) : "{}"u8.ToArray());
    }
}
