using System.Collections.Concurrent;
using Tunnel.Connector.Configuration;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Configuration;

public sealed class LiveSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly Dictionary<ConfigurationEntry, string> _flags = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string ProjectPath => _folder.PathOf("mcpr.toml");

    [Fact]
    public void NothingSet_HasDefaultsOnly()
    {
        using var live = Load();

        Assert.Empty(live.Problems);
        Assert.Equal(TimeSpan.FromSeconds(300), live.Current.Get(ConfigurationSchema.UpstreamTimeout));
        Assert.False(live.Current.Has(ConfigurationSchema.Port));
        Assert.All(
            ConfigurationSchema.Keys.Select(live.Current.Find).OfType<Setting>(),
            setting => Assert.Equal("default", setting.Origin)
        );
    }

    [Fact]
    public void StrongerLayer_WinsAndSaysSo()
    {
        var path = ConfigurationSchema.TunnelName;
        List<string> origins = [];

        void Add()
        {
            using var live = Load();
            Assert.Empty(live.Problems);
            origins.Add($"{live.Current.Find(path)!.Text} {live.Current.Find(path)!.Origin}");
        }

        Write("system.toml", "[tunnel]\nname = 'system'");
        Add();
        Write("user.toml", "# comment\ntunnel.name = 'user'");
        Add();
        Write("mcpr.toml", "\n\n[tunnel]\nname = 'project'");
        Add();
        _environment["MCPR_TUNNEL_NAME"] = "environment";
        Add();
        _flags[path] = "flag";
        Add();

        Assert.Equal(
            [
                $"system {_folder.PathOf("system.toml")}:2",
                $"user {_folder.PathOf("user.toml")}:2",
                $"project {ProjectPath}:4",
                "environment MCPR_TUNNEL_NAME",
                "flag --name",
            ],
            origins
        );
    }

    [Fact]
    public void List_IsTakenWholeFromOneLayer()
    {
        Write("user.toml", "allow_host = ['a.example', 'b.example']");
        Write("mcpr.toml", "allow_host = ['c.example']");
        using var live = Load();

        Assert.Equal(["c.example"], live.Current.Get(ConfigurationSchema.AllowHost));
    }

    [Fact]
    public void EmptyList_IsAValueToo()
    {
        Write("user.toml", "allow_host = ['a.example']");
        Write("mcpr.toml", "allow_host = []");
        using var live = Load();

        Assert.Empty(live.Problems);
        Assert.Empty(live.Current.Get(ConfigurationSchema.AllowHost));
    }

    [Fact]
    public void Tables_AreTakenWholeFromOneLayer()
    {
        Write("user.toml", "[[server]]\nname = 'a'\nurl = 9001\n[[server]]\nname = 'b'\nurl = 9002");
        Write("mcpr.toml", "\n[[server]]\nurl = [9003, 9004]\nname = 'c'");
        using var live = Load();

        var server = Assert.Single(live.Current.Get(ConfigurationSchema.Servers));

        Assert.Equal("c", server.Get(ConfigurationSchema.ServerName));
        Assert.Equal($"{ProjectPath}:4", server.Find(ConfigurationSchema.ServerName)!.Origin);
        Assert.Equal([9003, 9004], server.Get(ConfigurationSchema.ServerUrl).Select(url => url.Port));
    }

    [Fact]
    public void TablesInTheirShortForm_StandInOptionsAndVariables()
    {
        Write("mcpr.toml", "[[server]]\nname = 'a'\nurl = 9001");
        _environment["MCPR_SERVER"] = " b=9002  c=9003,9004 ";
        using (var live = Load())
        {
            Assert.Empty(live.Problems);
            var servers = live.Current.Get(ConfigurationSchema.Servers);
            Assert.Equal(["b", "c"], servers.Select(server => server.Get(ConfigurationSchema.ServerName)), StringComparer.Ordinal);
            Assert.Equal(2, servers[1].Get(ConfigurationSchema.ServerUrl).Length);
            Assert.Equal("MCPR_SERVER", servers[1].Find(ConfigurationSchema.ServerUrl)!.Origin);
        }

        _flags[ConfigurationSchema.Servers] = "d=9005";
        using (var live = Load())
        {
            var server = Assert.Single(live.Current.Get(ConfigurationSchema.Servers));
            Assert.Equal("--server", server.Find(ConfigurationSchema.ServerName)!.Origin);
        }
    }

    [Theory]
    [InlineData("files", "'files' is not written as NAME=ADDRESS")]
    [InlineData("a=1 Files=9000", "'Files' is no name of a server")]
    [InlineData("files=", "no address")]
    [InlineData("files=9000,ftp://x", "only http and https work")]
    [InlineData("files=9000,9001/sse", "must have the same path")]
    public void ShortFormThatMakesNoSense_IsAProblem(string text, string message)
    {
        _environment["MCPR_SERVER"] = text;
        using var live = Load();

        var problem = Assert.Single(live.Problems);
        Assert.Equal("MCPR_SERVER", problem.Where);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Empty(live.Current.Get(ConfigurationSchema.Servers));
    }

    [Theory]
    [InlineData("MCPR_RELAY")]
    [InlineData("MCPR_TUNNEL_RELAY")]
    public void Relay_HasTwoVariables(string variable)
    {
        _environment[variable] = "https://tunnel.example.com";
        using var live = Load();

        Assert.Equal(variable, live.Current.Find(ConfigurationSchema.Relay)!.Origin);
    }

    [Fact]
    public void EmptyVariable_IsNotSet()
    {
        _environment["MCPR_PORT"] = " ";
        using var live = Load();

        Assert.False(live.Current.Has(ConfigurationSchema.Port));
    }

    [Fact]
    public void VariableThatMakesNoSense_IsAProblem()
    {
        _environment["MCPR_PORT"] = "http";
        using var live = Load();

        var problem = Assert.Single(live.Problems);
        Assert.Equal("MCPR_PORT", problem.Where);
        Assert.Contains("'http' is no port", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PathInAFile_IsRelativeToTheFile()
    {
        Write("mcpr.toml", "tls_cert = 'tls/cert.pem'");
        using var live = Load();

        Assert.Equal(_folder.PathOf("tls", "cert.pem"), live.Current.Get(ConfigurationSchema.TlsCert));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ChangedFile_CountsAtOnceWhereItCanAndIsToldWhereNot()
    {
        Write("mcpr.toml", "port = 1000\n[limits]\nupstream_timeout = 10");
        using var live = Load();
        var said = new BlockingCollection<string>();
        using var watch = live.Watch(line => said.Add(line, Token));
        var changed = WhenChanged(live);

        Write("mcpr.toml", "port = 2000\n[limits]\nupstream_timeout = 20");
        await changed;

        Assert.Equal(TimeSpan.FromSeconds(20), live.Current.Get(ConfigurationSchema.UpstreamTimeout));
        Assert.Equal(1000, live.Current.Get(ConfigurationSchema.Port));
        Assert.Equal("configuration changed limits.upstream_timeout", said.Take(Token));
        Assert.Equal("configuration changed, which needs a restart: port", said.Take(Token));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ChangedTable_IsTold()
    {
        Write("mcpr.toml", "[[server]]\nname = 'a'\nurl = 9001");
        using var live = Load();
        var said = new BlockingCollection<string>();
        using var watch = live.Watch(line => said.Add(line, Token));

        Write("mcpr.toml", "[[server]]\nname = 'a'\nurl = 9001\n[[server]]\nname = 'b'\nurl = 9002");
        Assert.Equal("configuration changed, which needs a restart: server", await Task.Run(() => said.Take(Token), Token));
        Assert.Single(live.Current.Get(ConfigurationSchema.Servers));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task FileThatBroke_ChangesNothingUntilItIsWhole()
    {
        Write("mcpr.toml", "limits.upstream_timeout = 10");
        using var live = Load();
        var said = new BlockingCollection<string>();
        using var watch = live.Watch(line => said.Add(line, Token));

        Write("mcpr.toml", "limits.upstream_timeout = 'soon'");
        Assert.StartsWith(
            $"{ProjectPath}:1: limits.upstream_timeout: 'soon' is no",
            await Task.Run(() => said.Take(Token), Token),
            StringComparison.Ordinal
        );
        Assert.Equal("settings stay as they were", said.Take(Token));
        Assert.Equal(TimeSpan.FromSeconds(10), live.Current.Get(ConfigurationSchema.UpstreamTimeout));

        var changed = WhenChanged(live);
        Write("mcpr.toml", "limits.upstream_timeout = 30");
        await changed;
        Assert.Equal(TimeSpan.FromSeconds(30), live.Current.Get(ConfigurationSchema.UpstreamTimeout));
    }

    public void Dispose() => _folder.Dispose();

    private static Task WhenChanged(LiveSettings live)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        live.GetReloadToken().RegisterChangeCallback(_ => changed.TrySetResult(), state: null);
        return changed.Task;
    }

    private void Write(string name, string content) => File.WriteAllText(_folder.PathOf(name), content);

    private LiveSettings Load()
    {
        (string Name, SettingSource Source)[] files =
        [
            ("system.toml", SettingSource.SystemFile),
            ("user.toml", SettingSource.UserFile),
            ("mcpr.toml", SettingSource.ProjectFile),
        ];
        return new LiveSettings(
            [.. files.Select(file => new ConfigurationFile(_folder.PathOf(file.Name), file.Source)).Where(file => File.Exists(file.Path))],
            _environment,
            _flags
        );
    }
}
