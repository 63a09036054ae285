using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Tunnel.ProxyCore.Dashboard.Api;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Team.Alerts.Webhooks;

namespace Tunnel.Relay.Team.Alerts;

/// <summary>What members ask and change about the alerts of their project. Who they are and what they may has been looked at before.</summary>
internal sealed class AlertEndpoints(IAlertStore store, AlertTest test, RelayOptions options, TimeProvider time) : IDisposable
{
    /// <summary>More than a rule takes.</summary>
    private const int MaxBody = 16 * 1024;

    /// <summary>Tests on their way. Nobody needs more, and somebody else's server gets them.</summary>
    private const int MaxTests = 4;

    private readonly SemaphoreSlim _tests = new(MaxTests);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/alerts", Of(ListAsync));
        api.MapPost("/alerts", Of(AddAsync));
        api.MapDelete("/alerts/{id}", Of(RemoveAsync));
        api.MapPost("/alerts/{id}/test", Of(TestAsync));
    }

    public void Dispose() => _tests.Dispose();

    private async Task ListAsync(HttpContext context, string project)
    {
        var alerts = await store.ListAsync(project, context.RequestAborted);
        await ApiAnswer.WriteAsync(
            context,
            new AlertsAnswer([.. alerts.Select(alert => AlertRow.Of(alert.Rule, alert.State))]),
            AlertJson.Default.AlertsAnswer
        );
    }

    private async Task AddAsync(HttpContext context, string project)
    {
        var draft = await ReadAsync(context);
        var problems = draft.Make(time.GetUtcNow(), options.Team.WebhookPrivate, out var rule);
        if (rule is null)
        {
            throw Problem(StatusCodes.Status400BadRequest, string.Join("; ", problems.Select(one => $"{one.Field} {one.Problem}")));
        }

        var change = await store.AddAsync(project, rule, context.RequestAborted);
        if (change != TeamChange.Done)
        {
            throw change == TeamChange.Full
                ? Problem(StatusCodes.Status409Conflict, $"the project has {IAlertStore.MaxRules} alerts, which is as many as it may have")
                : Problem(StatusCodes.Status404NotFound, "the project is gone");
        }

        context.Response.StatusCode = StatusCodes.Status201Created;
        await ApiAnswer.WriteAsync(
            context,
            new AlertAddedAnswer(AlertRow.Of(rule, AlertState.Unseen), rule.Webhook.Secret.Reveal()),
            AlertJson.Default.AlertAddedAnswer
        );
    }

    private async Task RemoveAsync(HttpContext context, string project)
    {
        if (await store.RemoveAsync(project, IdOf(context), context.RequestAborted) != TeamChange.Done)
        {
            throw NoSuchAlert();
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task TestAsync(HttpContext context, string project)
    {
        var alerts = await store.ListAsync(project, context.RequestAborted);
        var alert = alerts.FirstOrDefault(one => one.Rule.Id == IdOf(context)) ?? throw NoSuchAlert();
        if (!_tests.Wait(0, CancellationToken.None))
        {
            throw Problem(StatusCodes.Status429TooManyRequests, "other tests are on their way; try again in a moment");
        }

        try
        {
            var outcome = await test.SendAsync(alert, context.RequestAborted);
            await ApiAnswer.WriteAsync(
                context,
                new AlertTestAnswer(outcome.Kind == WebhookOutcomeKind.Delivered, outcome.Told),
                AlertJson.Default.AlertTestAnswer
            );
        }
        finally
        {
            _tests.Release();
        }
    }

    private static async Task<AlertDraft> ReadAsync(HttpContext context)
    {
        if (!(context.Request.ContentLength <= MaxBody))
        {
            throw Problem(StatusCodes.Status413PayloadTooLarge, $"a rule is at most {MaxBody} bytes, and says how many");
        }

        try
        {
            var draft = await JsonSerializer.DeserializeAsync(context.Request.Body, AlertJson.Default.AlertDraft, context.RequestAborted);
            return draft ?? new AlertDraft();
        }
        catch (JsonException wrong)
        {
            throw Problem(StatusCodes.Status400BadRequest, $"the body is no rule, at {wrong.Path ?? "its beginning"}");
        }
    }

    private static RequestDelegate Of(Func<HttpContext, string, Task> answer) =>
        ApiAnswer.Of(async context =>
        {
            try
            {
                await answer(context, context.Features.GetRequiredFeature<TeamMembership>().Project.Name);
            }
            catch (TeamStoreUnavailableException)
            {
                throw Problem(StatusCodes.Status503ServiceUnavailable, "alerts cannot be read or changed now");
            }
        });

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static ApiProblemException NoSuchAlert() => Problem(StatusCodes.Status404NotFound, "there is no such alert");

    private static ApiProblemException Problem(int status, string message) => new(status, message);
}
