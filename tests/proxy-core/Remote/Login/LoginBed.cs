using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.OAuth;
using Tunnel.ProxyCore.Remote.Login;
using Tunnel.Tests;
using Tunnel.Tests.Origins;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Remote.Login;

/// <summary>A server with its documents and endpoints of OAuth, each of which a test may have say something else.</summary>
internal sealed class LoginBed : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private KestrelHost _host = null!;
    private int _tokens;

    private LoginBed() { }

    /// <summary>By path; <c>ORIGIN</c> in them is the server.</summary>
    public Dictionary<string, string> Documents { get; } =
        new(StringComparer.Ordinal)
        {
            ["/.well-known/oauth-protected-resource/mcp"] =
                """{"resource":"ORIGIN/mcp","authorization_servers":["ORIGIN/"],"scopes_supported":["read","write"]}""",
            ["/.well-known/oauth-authorization-server"] =
                """{"issuer":"ORIGIN/","authorization_endpoint":"ORIGIN/authorize","token_endpoint":"ORIGIN/token","registration_endpoint":"ORIGIN/register","code_challenge_methods_supported":["S256"],"authorization_response_iss_parameter_supported":true}""",
            ["/register"] = """{"client_id":"registered"}""",
        };

    /// <summary>What was posted to the token endpoint, decoded.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Redeemed { get; } = new();

    public FakeWindow Window { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public Uri Url => new(_host.BaseAddress, "/mcp");

    public string Folder => _folder.PathOf("logins");

    public bool RefusesRefresh { get; set; }

    public static async Task<LoginBed> StartAsync()
    {
        var bed = new LoginBed();
        bed._host = await KestrelHost.StartAsync((context, _) => bed.AnswerAsync(context), TestContext.Current.CancellationToken);
        bed.Window.Issuer = bed._host.BaseAddress.AbsoluteUri;
        return bed;
    }

    public OAuthLogin NewLogin(string? clientId = null, string? clientSecret = null, TimeProvider? time = null) =>
        new(
            new OAuthLoginOptions
            {
                Url = Url,
                ClientId = clientId,
                ClientSecret = clientSecret,
            },
            Folder,
            Window,
            certificateCheck: null,
            time ?? Time
        );

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (path == "/token")
        {
            var fields = body.Split('&')
                .Select(pair => pair.Split('=')[0])
                .ToDictionary(name => name, name => QueryParameters.Find(body, name).First(), StringComparer.Ordinal);
            if (context.Request.Headers.Authorization is [var header])
            {
                fields["authorization"] = Encoding.ASCII.GetString(Convert.FromBase64String(header!["Basic ".Length..]));
            }

            Redeemed.Enqueue(fields);
            var isRefused = RefusesRefresh && fields["grant_type"] == "refresh_token";
            context.Response.StatusCode = isRefused ? 400 : 200;
            var number = Interlocked.Increment(ref _tokens);
            await context.Response.WriteAsync(
                isRefused
                    ? """{"error":"invalid_grant"}"""
                    : $$"""{"access_token":"token-{{number}}","refresh_token":"refresh-{{number}}","token_type":"bearer","expires_in":3600}""",
                context.RequestAborted
            );
        }
        else if (Documents.TryGetValue(path, out var document))
        {
            await context.Response.WriteAsync(
                document.Replace("ORIGIN", _host.BaseAddress.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal),
                context.RequestAborted
            );
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }
}

/// <summary>A person who logs in at once.</summary>
internal sealed class FakeWindow : ILoginWindow, ILoginReturn
{
    /// <summary>Who the redirect says it is from.</summary>
    public string? Issuer { get; set; }

    /// <summary>The pages that were shown.</summary>
    public List<Uri> Pages { get; } = [];

    /// <summary>What comes back besides the issuer.</summary>
    public string Answer { get; set; } = "code=the-code";

    public Uri RedirectUri { get; } = new("http://127.0.0.1:33418/callback");

    public Task<ILoginReturn> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<ILoginReturn>(this);

    public Task<string> ShowAsync(Uri page, string state, CancellationToken cancellationToken)
    {
        Pages.Add(page);
        return Task.FromResult($"{Answer}&state={state}{(Issuer is null ? string.Empty : $"&iss={Uri.EscapeDataString(Issuer)}")}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
