using System.Text;
using Tunnel.Connector.Configuration;
using Xunit;

namespace Tunnel.Connector.Tests.Configuration;

public sealed class SettingsFileTests
{
    private static readonly string s_path = Path.Combine(Path.GetTempPath(), "mcpr.toml");

    [Fact]
    public void EveryKind_IsRead()
    {
        var file = Read(
            """
            mcp = 9000
            port = 3000
            allow_host = ["a.example", "b.example"]
            events = true
            [tunnel]
            relay = "tunnel.example.com"
            [limits]
            upstream_timeout = 1.5
            connect_timeout = "500ms"
            """
        );

        Assert.Empty(file.Problems);
        Assert.Equal("9000", file.Values["mcp"]);
        Assert.Equal("a.example,b.example", file.Values["allow_host"]);
        Assert.Equal("true", file.Values["events"]);
        Assert.Equal("1.5", file.Values["limits:upstream_timeout"]);
        Assert.Equal(6, file.Lines["tunnel:relay"]);
    }

    [Theory]
    [InlineData("mpc = 9000", 1, "unknown key mpc", "did you mean mcp")]
    [InlineData("mcp = 1\n[tunel]\nname = 'x'", 3, "unknown key tunel.name", "did you mean tunnel.name")]
    [InlineData("[limits]\n\nupstreamtimeout = 3", 3, "unknown key limits.upstreamtimeout", "did you mean limits.upstream_timeout")]
    [InlineData("Port = 1", 1, "unknown key Port", "did you mean port")]
    [InlineData("[tunnell]", 1, "unknown table [tunnell]", "docs/config.md")]
    [InlineData("shade = 'red'", 1, "unknown key shade", "docs/config.md")]
    [InlineData("token = 'x'", 1, "token looks like a secret", "MCPR_TOKEN")]
    [InlineData("[tunnel]\napi_key = 'x'", 2, "tunnel.api_key looks like a secret", "environment")]
    [InlineData("api_key = 'x'", 1, "api_key looks like a secret", "put it in the variable MCPR_API_KEY, or in a file")]
    [InlineData("[cloud]\ntoken = 'x'", 2, "cloud.token looks like a secret", "that cloud.token_file names")]
    [InlineData("[auth]\nclient-secret = 'x'", 2, "auth.client-secret looks like a secret", "environment")]
    [InlineData("[auth]\ndb_password = 'x'", 2, "auth.db_password looks like a secret", "environment")]
    [InlineData("[auth]\npasswords = 'x'", 2, "unknown key auth.passwords", "docs/config.md")]
    [InlineData("[auth]\nissuer = 'x'", 2, "unknown key auth.issuer", "docs/config.md")]
    [InlineData("[[sever]]\nname = 'x'", 1, "unknown table [[sever]]", "did you mean server")]
    [InlineData("[server]\nname = 'x'", 1, "server is there more than once", "[[server]]")]
    [InlineData("server = ['x']", 1, "server is there more than once", "[[server]]")]
    [InlineData("[[server]]\nname = 'x'\nulr = 9000", 3, "unknown key server.ulr", "did you mean server.url")]
    [InlineData("[[server]]\nname = 'x'\ncolour = 'x'", 3, "unknown key server.colour", "docs/config.md")]
    [InlineData("[[server]]\nname = 'x'\n[server.url]\nx = 1", 3, "server.url is a list of addresses, not a table", "")]
    [InlineData("[[server]]\ntoken = 'x'", 2, "server.token looks like a secret", "environment")]
    [InlineData("\n[[server]]\nurl = 9000", 2, "this [[server]] has no name", "first part")]
    public void KeyThatDoesNotBelong_IsAProblemWithLineAndHint(string content, int line, string message, string hint)
    {
        var problem = Assert.Single(Read(content).Problems);

        Assert.Equal($"{s_path}:{line}", problem.Where);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Contains(hint, problem.Hint ?? string.Empty, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("port = '3000'", "port is a port, not a text")]
    [InlineData("port = 70000", "'70000' is no port")]
    [InlineData("port = -1", "'-1' is no port")]
    [InlineData("bind = 'nowhere'", "'nowhere' is no IP address")]
    [InlineData("bind = '1'", "'1' is no IP address")]
    [InlineData("mcp = 'ftp://x'", "only http and https work")]
    [InlineData("tunnel = 'x'", "unknown key tunnel")]
    [InlineData("allow_host = ['a', 1]", "not a whole number")]
    [InlineData("allow_host = ['a,b']", "has a comma")]
    [InlineData("allow_host = ['http://a']", "'http://a' is no host name")]
    [InlineData("allow_host = ['a:80']", "'a:80' is no host name")]
    [InlineData("events = 'true'", "not a text")]
    [InlineData("limits.upstream_timeout = 0", "'0' is no positive")]
    [InlineData("limits.upstream_timeout = 4000", "'4000' is no positive")]
    [InlineData("limits.upstream_timeout = nan", "'nan' is no positive")]
    [InlineData("limits.upstream_timeout = 1979-05-27", "not a date")]
    [InlineData("limits.inspected_body = 1e3", "not a number")]
    [InlineData("[[server]]\nname = 'A b'\nurl = 1", "'A b' is no name of a server")]
    [InlineData("[[server]]\nname = 'mcp'\nurl = 1", "'mcp' is the path of something else")]
    [InlineData("[[server]]\nname = 'x'\nurl = [1, 'ftp://x']", "only http and https work")]
    [InlineData("[[server]]\nname = 'x'\nurl = []", "there is no address in it")]
    [InlineData("port = ", "expected a value")]
    [InlineData("port = 1\nport = 2", "port is there already")]
    public void ValueThatDoesNotFit_IsAProblem(string content, string message)
    {
        Assert.Contains(message, Assert.Single(Read(content).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TablesOfWhichThereAreMany_KeepTheirOrderAndLines()
    {
        var file = Read(
            """
            [[server]]
            name = "b"
            url = [9001, "localhost:9002"]
            [[server]]
            name = "a"
            url = "https://mcp.example.com"
            """
        );

        Assert.Empty(file.Problems);
        Assert.Equal(2, file.Counts[ConfigurationSchema.Servers]);
        Assert.Equal("9001,localhost:9002", file.Values["server:0:url"]);
        Assert.Equal("a", file.Values["server:1:name"]);
        Assert.Equal(5, file.Lines["server:1:name"]);
    }

    [Fact]
    public void AllProblems_AreToldAtOnce()
    {
        Assert.Equal(
            [$"{s_path}:1", $"{s_path}:2", $"{s_path}:4"],
            Read("port = 'x'\nnme = 1\n[tunnel]\ntoken = 'x'").Problems.Select(problem => problem.Where),
            StringComparer.Ordinal
        );
    }

    private static SettingsFile Read(string content) => SettingsFile.Read(Encoding.UTF8.GetBytes(content), s_path);
}
