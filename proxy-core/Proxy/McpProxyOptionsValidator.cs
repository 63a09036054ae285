using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Access;

namespace Tunnel.ProxyCore.Proxy;

internal sealed class McpProxyOptionsValidator : IValidateOptions<McpProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, McpProxyOptions options)
    {
        List<string> problems = [];
        problems.AddRange(options.Servers.SelectMany(server => server.FindProblems()));
        problems.AddRange(
            options
                .Servers.GroupBy(server => server.Name, StringComparer.Ordinal)
                .Where(group => group.Skip(1).Any())
                .Select(group => $"{group.First()} is there more than once")
        );

        if (options.WidgetServer is not (null or { IsAbsoluteUri: true, Scheme: "http" or "https" }))
        {
            problems.Add("WidgetServer must be an absolute http or https URL");
        }

        if (options.WidgetFolder is not null && !Path.IsPathFullyQualified(options.WidgetFolder))
        {
            problems.Add("WidgetFolder must be a full path");
        }

        if (options.WidgetServer is not null && options.WidgetFolder is not null)
        {
            problems.Add("WidgetServer and WidgetFolder cannot both be set");
        }

        if (options.UpstreamTimeout <= TimeSpan.Zero || options.UpstreamTimeout > McpProxyOptions.MaxUpstreamTimeout)
        {
            problems.Add("UpstreamTimeout must be positive and at most an hour");
        }

        if (options.ApiKeys.Any(key => key.Length < ApiKeys.MinLength))
        {
            problems.Add($"ApiKeys must have at least {ApiKeys.MinLength} characters each; shorter ones can be guessed");
        }

        if (options.MaxInspectedBody <= 0)
        {
            problems.Add("MaxInspectedBody must be positive");
        }

        if (options.KeepAlive < TimeSpan.Zero)
        {
            problems.Add("KeepAlive must be positive, or zero for none");
        }

        if (options.ConnectTimeout <= TimeSpan.Zero)
        {
            problems.Add("ConnectTimeout must be positive");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
