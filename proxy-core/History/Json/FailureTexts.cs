using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Json;

/// <summary>What a kind of failure says, or what its code means where it says nothing.</summary>
public static class FailureTexts
{
    public static string Of(FailureGroup group) =>
        group switch
        {
            { Message: { } message } => message,
            { Code: null } => "the tool said that it failed (isError)",
            { Code: "cut_short" } => "the server broke off in the middle of its response",
            { Code: "caller_left" } => "the caller left before there was an answer",
            { Code: ['E', ..] code } => ErrorCatalog.All.FirstOrDefault(error => error.Code == code)?.Title ?? code,
            { Code: { } code } => int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
                ? ReasonPhrases.GetReasonPhrase(status)
                : code,
        };
}
