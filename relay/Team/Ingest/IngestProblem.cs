using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Relay.Team.Ingest;

/// <summary>Why a batch was not taken: problem details (RFC 9457). Nothing of it is kept, then.</summary>
/// <param name="Status">The status, which says whether it can be sent again.</param>
/// <param name="Outcome">What metrics call it.</param>
/// <param name="Detail">The sentence.</param>
internal sealed record IngestProblem(int Status, string Outcome, string Detail)
{
    public static readonly IngestProblem NoMember = new(401, "no_member", "no project here has this token");
    public static readonly IngestProblem MayNotSend = new(
        403,
        "may_not_send",
        "this token is for looking; sending takes one of a sender or an editor"
    );
    public static readonly IngestProblem TooLarge = new(413, "too_large", "send it in smaller batches");
    public static readonly IngestProblem TooSlow = new(408, "too_slow", "the body comes too slowly; send it again, or in smaller batches")
    {
        RetryAfter = 1,
    };
    public static readonly IngestProblem TooManyAtOnce = new(429, "too_many", "this token sends too many batches at once")
    {
        RetryAfter = 1,
    };
    public static readonly IngestProblem TooManyBatches = new(
        429,
        "too_many",
        "this token sends too many batches; put more events into each"
    )
    {
        RetryAfter = 2,
    };
    public static readonly IngestProblem TooManyEvents = new(429, "too_many", "this token sends too many events") { RetryAfter = 2 };
    public static readonly IngestProblem Failed = new(500, "failed", "the relay failed at this batch; its log says why");
    public static readonly IngestProblem Busy = new(503, "busy", "too many batches wait for the disk") { RetryAfter = 2 };
    public static readonly IngestProblem Unavailable = new(503, "unavailable", "events cannot be stored now") { RetryAfter = 5 };

    /// <summary>Seconds after which it can be sent again.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The lines of the body that it is about, from 1; without them it is about all of it.</summary>
    public IReadOnlyList<int>? Lines { get; init; }

    public static IngestProblem Malformed(string detail) => new(400, "malformed", detail);

    /// <param name="lines">Those that are no events, in order.</param>
    /// <param name="detail">What is wrong with the first.</param>
    public static IngestProblem Malformed(IReadOnlyList<int> lines, string detail) =>
        new(400, "malformed", string.Create(CultureInfo.InvariantCulture, $"line {lines[0]}: {detail}")) { Lines = lines };

    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        return response.WriteAsJsonAsync(
            new IngestProblemAnswer(Status, Detail, Lines?[0], Lines),
            IngestJson.Default.IngestProblemAnswer,
            IngestProblemAnswer.ContentType,
            context.RequestAborted
        );
    }
}
