using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.History;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Team;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Team;

/// <summary>A whole relay in this process, with a dashboard for teams, and a client that asks for that host.</summary>
internal sealed class TeamBed : IAsyncDisposable
{
    /// <summary>Long enough for <see cref="Lines.Time"/>: the relay's clock is the real one, and its first upkeep may come between two batches.</summary>
    private static readonly HistoryOptions s_keep = TeamProject.DefaultKeep with { MaxAge = TimeSpan.FromDays(10_000) };

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private WebApplication _app = null!;

    private TeamBed() { }

    public string DataFolder => _folder.FullName;

    public int Port { get; private set; }

    public string Host => $"dashboard.localhost:{Port}";

    public string Origin => $"http://{Host}";

    public ITeamStore Teams => _app.Services.GetRequiredService<ITeamStore>();

    public IProjectHistories Histories => _app.Services.GetRequiredService<IProjectHistories>();

    public static async Task<TeamBed> StartAsync(CancellationToken cancellationToken, Action<RelayOptions>? configure = null)
    {
        var bed = new TeamBed();
        var options = new RelayOptions
        {
            DataDirectory = bed._folder.FullName,
            Listen = "http://127.0.0.1:0",
            Team = { IsOn = true },
        };
        configure?.Invoke(options);
        bed._app = RelayApplication.Build(options);
        await bed._app.StartAsync(cancellationToken);
        var addresses = bed._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        bed.Port = new Uri(addresses.Single()).Port;
        return bed;
    }

    /// <summary>A member of a project, which is made with its first one.</summary>
    /// <returns>The token.</returns>
    public async Task<string> AddAsync(string project, TeamRole role, CancellationToken cancellationToken, string name = "alice")
    {
        await Teams.CreateProjectAsync(project, s_keep, cancellationToken);
        var token = MemberToken.New();
        var member = new TeamMember(project, name, role, DateTimeOffset.UnixEpoch);
        Assert.Equal(TeamChange.Done, await Teams.AddMemberAsync(member, Credential.HashOf(token), cancellationToken));
        return token;
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        CancellationToken cancellationToken,
        HttpContent? content = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, new Uri($"http://127.0.0.1:{Port}{path}")) { Content = content };
        request.Headers.Host = Host;
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string token, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, cancellationToken, content: null, ("Authorization", "Bearer " + token));

    public Task<HttpResponseMessage> IngestAsync(
        string token,
        string lines,
        CancellationToken cancellationToken,
        string encoding = "gzip",
        string sender = "shop"
    )
    {
        var content = new ByteArrayContent(Encode(Encoding.UTF8.GetBytes(lines), encoding));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        content.Headers.ContentEncoding.Add(encoding);
        return SendAsync(
            HttpMethod.Post,
            "/ingest/v1/events",
            cancellationToken,
            content,
            ("Authorization", "Bearer " + token),
            ("Mcpr-Server", sender)
        );
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static byte[] Encode(byte[] plain, string encoding)
    {
        using var coded = new MemoryStream();
        using (
            Stream? coder = encoding switch
            {
                "gzip" => new GZipStream(coded, CompressionLevel.Fastest),
                "br" => new BrotliStream(coded, CompressionLevel.Fastest),
                _ => null,
            }
        )
        {
            (coder ?? coded).Write(plain);
        }

        return coded.ToArray();
    }
}
