using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.History;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>Answers of the API.</summary>
public static class ApiAnswer
{
    private const string Json = "application/json; charset=utf-8";

    public static Task WriteAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = Json;
        return JsonSerializer.SerializeAsync(context.Response.Body, answer, type, context.RequestAborted);
    }

    public static Task FailAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new ProblemAnswer(new Problem(status, message)), DashboardJson.Default.ProblemAnswer);
    }

    /// <summary>Runs what answers, and tells what is wrong with the question.</summary>
    public static RequestDelegate Of(Func<HttpContext, Task> answer) =>
        async context =>
        {
            try
            {
                await answer(context);
            }
            catch (ApiProblemException problem)
            {
                await FailAsync(context, problem.Status, problem.Message);
            }
            catch (HistoryUnavailableException unavailable) when (!context.Response.HasStarted)
            {
                await FailAsync(context, StatusCodes.Status503ServiceUnavailable, $"the history cannot be read: {unavailable.Message}");
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // Nobody is there to answer.
            }
        };
}
