using Tunnel.Relay.Configuration;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Configuration;

public sealed class RelayConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.PathOf("relay.toml");

    [Fact]
    public void EveryLayer_WinsOverTheNext()
    {
        var configuration = Resolve(
            """
            hold = "3s"
            max_held = 3
            data_connections = 3
            """,
            ("--hold", "1s"),
            ("MCPR_RELAY_HOLD", "2s"),
            ("MCPR_RELAY_MAX_HELD", "2")
        );

        Assert.Empty(configuration.Problems);
        var options = configuration.Options;
        Assert.Equal(
            (TimeSpan.FromSeconds(1), 2, 3, 256),
            (options.Hold, options.MaxHeld, options.DataConnections, options.MaxHeldPerTunnel)
        );
        Assert.Equal("--hold", OriginOf(configuration, "--hold"));
        Assert.Equal("MCPR_RELAY_MAX_HELD", OriginOf(configuration, "--max-held"));
        Assert.Equal($"{FilePath}:3", OriginOf(configuration, "--data-connections"));
        Assert.Null(OriginOf(configuration, "--max-held-per-tunnel"));
    }

    [Fact]
    public void EmptySecretFile_IsNotTheSameAsNone()
    {
        File.WriteAllText(_folder.PathOf("token"), " \n");

        var problem = Assert.Single(ProblemsOf("admin_token_file = \"token\""));

        Assert.EndsWith($"there is nothing in {_folder.PathOf("token")}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyVariable_SetsNothing()
    {
        Assert.Equal(3, Resolve("max_held = 3", ("MCPR_RELAY_MAX_HELD", " ")).Options.MaxHeld);
    }

    [Fact]
    public void EveryProblem_IsToldAtOnceAndWhereItIs()
    {
        var problems = ProblemsOf(
            """
            domain = "tunnel.example.com"
            max_tunnels = "many"
            drain = "soon"
            data_connections = 0
            tunnel_max = 3
            [tls]
            cert = "x"
            """,
            ("--hold", "2m"),
            ("--max-held", "-1"),
            ("MCPR_RELAY_MAX_HELD_BYTES", "12 parsecs")
        );

        Assert.Equal(
            [
                $"{FilePath}:2: max_tunnels is a number, not a text",
                $"{FilePath}:3: drain: 'soon' is not a duration such as 10s, 5m or 30d",
                $"{FilePath}:5: unknown key tunnel_max",
                $"{FilePath}:6: [tls] is a table, and settings of the relay stand in none",
                "--max-held: '-1' is no number from 0 to 2147483647",
                "MCPR_RELAY_MAX_HELD_BYTES: '12 parsecs' is not a size such as 4096 or 16MiB",
                "--hold 120s is longer than 60s",
                $"{FilePath}:4: data_connections 0 is not between 1 and 8",
            ],
            problems,
            StringComparer.Ordinal
        );
    }

    [Theory]
    [InlineData("tls = 'acme'\ndomain = 'a.example'\nacme_dns = 'exec'", "{0}:1, {0}:3: tls acme needs acme_email and acme_dns")]
    [InlineData(
        "cluster_listen = 'http://10.0.0.7:5101'\ncluster_key_file = 'key'",
        "{0}:1: cluster_listen is nothing without redis, which says who has which tunnel"
    )]
    public void SettingsThatDoNotGoTogether_AreCalledAsTheFileCallsThem(string content, string expected)
    {
        File.WriteAllText(_folder.PathOf("key"), "0123456789abcdef");

        var problem = Assert.Single(ProblemsOf(content));

        Assert.Equal(expected.Replace("{0}", FilePath, StringComparison.Ordinal), problem);
    }

    [Fact]
    public void SettingsThatDoNotGoTogether_AreCalledAsTheEnvironmentCallsThem()
    {
        var problem = Assert.Single(ProblemsOf("", ("MCPR_RELAY_TLS_KEY", "k.pem")));

        Assert.Equal("MCPR_RELAY_TLS_CERT and MCPR_RELAY_TLS_KEY are nothing without MCPR_RELAY_TLS files", problem);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("cluster_listen = 'http://10.0.0.7:5101'\ncluster_key_file = 'key'", false)]
    public void AcmeOverRedis_WarnsWhereRelaysCannotReachEachOther(string cluster, bool warns)
    {
        File.WriteAllText(_folder.PathOf("key"), "0123456789abcdef");

        var configuration = Resolve(
            "tls = 'acme'\nacme_email = 'me@example.com'\nacme_dns = 'exec'\ndomain = 'a.example'\nredis = 'redis://10.0.0.5'\n" + cluster
        );

        Assert.Empty(configuration.Problems);
        Assert.Equal(
            warns ? [$"{FilePath}:1, {FilePath}:5: tls acme with redis and without cluster_listen is for one relay"] : [],
            configuration.Warnings.Select(warning => warning.ToString().Split(": several")[0]),
            StringComparer.Ordinal
        );
    }

    [Fact]
    public void File_HasListsAndPathsOfItsOwnFolder()
    {
        var options = Resolve(
            """
            domain = "tunnel.example.com"
            tls = "files"
            tls_cert = "tls/chain.pem"
            tls_key = "/keys/key.pem"
            listen = ["https://0.0.0.0:443", "http://0.0.0.0:80"]
            trusted_proxies = ["10.0.0.0/8", "192.0.2.7"]
            admin = 9464
            """
        ).Options;

        Assert.Equal(_folder.PathOf("tls/chain.pem"), options.Tls.CertificateFile);
        Assert.Equal("/keys/key.pem", options.Tls.KeyFile);
        Assert.Equal([443, 80], options.ListenAddresses().Select(address => address.Port));
        Assert.Equal(2, options.TrustedProxies.Count);
        Assert.Equal("127.0.0.1:9464", options.Admin?.ToString());
    }

    [Theory]
    [InlineData("max_tunnel = 1", "did you mean max_tunnels")]
    [InlineData("shade = 'red'", "docs/relay-config.md has all keys")]
    [InlineData("redis_password = 'hunter2'", "put it in a file of its own and name that")]
    public void UnknownKey_HasAHint(string line, string hint)
    {
        var problem = Assert.Single(Resolve(line).Problems);

        Assert.Equal(hint, problem.Hint);
        Assert.DoesNotContain("hunter2", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("domain = ", 1)]
    [InlineData("hold = '1s'\nhold = '2s'", 2)]
    public void BrokenFile_IsAProblemWithItsLine(string content, int line)
    {
        Assert.StartsWith($"{FilePath}:{line}: ", Assert.Single(ProblemsOf(content)), StringComparison.Ordinal);
    }

    [Fact]
    public void FileThatIsNotThere_IsAProblem()
    {
        var configuration = RelayConfiguration.Resolve(_ => null, _ => null, RelayFile.Read(_folder.PathOf("none.toml")));

        Assert.Contains("none.toml", Assert.Single(configuration.Problems).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string? OriginOf(RelayConfiguration configuration, string flag) =>
        configuration.Find(RelaySettings.All.Single(setting => setting.Flag == flag))?.Origin;

    private IEnumerable<string> ProblemsOf(string content, params (string Name, string Value)[] given) =>
        Resolve(content, given).Problems.Select(problem => problem.ToString());

    private RelayConfiguration Resolve(string content, params (string Name, string Value)[] given)
    {
        File.WriteAllText(FilePath, content);
        var values = given.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        return RelayConfiguration.Resolve(
            setting => values.GetValueOrDefault(setting.Flag),
            name => values.GetValueOrDefault(name),
            RelayFile.Read(FilePath)
        );
    }
}
