using Tunnel.Connector.Cli;
using Tunnel.Connector.Configuration;
using Tunnel.ProxyCore.Files;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Cli;

public sealed class CloudDestinationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WithoutAToken_NothingIsSent_WhichIsToldWhereItSeemsWanted()
    {
        List<string> said = [];
        using var nothing = Live();
        using var half = Live(("MCPR_CLOUD_SERVER", "my-proxy"), ("MCPR_CLOUD_URL", "https://a.example"));

        foreach (var live in new[] { nothing, half })
        {
            Assert.Null(CloudDestination.Resolve(live.Current, NoToken, out var refusal));
            Assert.Null(refusal);
            CloudDestination.Announce(live.Current, cloud: null, said.Add);
        }

        Assert.Contains("there is no token", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public void RelayAndTunnelName_AreEnough()
    {
        List<string> said = [];
        using var live = Live(("MCPR_RELAY", "http://Tunnel.example.com:8080"), ("MCPR_TUNNEL_NAME", "my-server"));

        var cloud = CloudDestination.Resolve(live.Current, _ => "mcpt_1\n", out _)!;
        CloudDestination.Announce(live.Current, cloud, said.Add);

        Assert.Equal(new Uri("http://dashboard.tunnel.example.com:8080"), cloud.Url);
        Assert.Equal(("my-server", "mcpt_1", 64 << 20), (cloud.Server, cloud.Token.Read(), cloud.MaxBytes));
        Assert.StartsWith("my-server-", Path.GetFileName(cloud.Folder), StringComparison.Ordinal);
        Assert.Equal("cloud dashboard.tunnel.example.com:8080 as my-server", Assert.Single(said));
    }

    [Fact]
    public void WhatWaitsForOneDestination_IsApartFromThatOfOthers()
    {
        string[] folders =
        [
            .. new[]
            {
                ("a", "https://x.example", "mcpt_1"),
                ("b", "https://x.example", "mcpt_1"),
                ("a", "https://y.example", "mcpt_1"),
                ("a", "http://x.example", "mcpt_1"),
                ("a", "https://x.example", "mcpt_2"),
            }.Select(one =>
            {
                using var live = Live(("MCPR_CLOUD_SERVER", one.Item1), ("MCPR_CLOUD_URL", one.Item2));
                return CloudDestination.Resolve(live.Current, _ => one.Item3, out _)!.Folder;
            }),
        ];

        Assert.Equal(5, folders.Distinct(StringComparer.Ordinal).Count());
        Assert.All(folders, folder => Assert.DoesNotContain("mcpt", folder, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("there is no name", "MCPR_CLOUD_URL=https://a.example")]
    [InlineData("there is no name", "MCPR_CLOUD_URL=https://a.example", "MCPR_TUNNEL_NAME=Ä")]
    [InlineData("it is not known where", "MCPR_CLOUD_SERVER=a")]
    [InlineData("it is not known where", "MCPR_CLOUD_SERVER=a", "MCPR_RELAY=http://127.0.0.1:8080")]
    public void TooLittle_IsRefusedWithWhatToDo(string problem, params string[] variables)
    {
        using var live = Live([.. variables.Select(variable => variable.Split('=', 2)).Select(pair => (pair[0], pair[1]))]);

        Assert.Null(CloudDestination.Resolve(live.Current, _ => "t", out var refusal));
        Assert.Contains(problem, refusal!.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Hint);
    }

    [Fact]
    public void TokenThatIsNone_IsRefused()
    {
        using var live = Live(
            ("MCPR_CLOUD_SERVER", "a"),
            ("MCPR_CLOUD_URL", "a.example"),
            ("MCPR_CLOUD_TOKEN_FILE", _folder.PathOf("nothing"))
        );

        CloudDestination.Resolve(live.Current, _ => "a b", out var unsound);
        CloudDestination.Resolve(live.Current, NoToken, out var missing);
        File.WriteAllText(_folder.PathOf("nothing"), "\n");
        PrivateFile.Close(_folder.PathOf("nothing"));
        CloudDestination.Resolve(live.Current, NoToken, out var empty);

        Assert.Contains("MCPR_CLOUD_TOKEN has characters that no token has", unsound!.Message, StringComparison.Ordinal);
        Assert.Contains("cannot read a token", missing!.Message, StringComparison.Ordinal);
        Assert.Contains("has no token", empty!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TokenInAFile_IsForItsOwnerOnly_AndCountsWhereThereIsNoVariable()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("folders of users are theirs");
            return;
        }

        var path = _folder.PathOf("token");
        PrivateFile.Replace(path, "mcpt_file\n");
        using var live = Live(("MCPR_CLOUD_TOKEN_FILE", path), ("MCPR_CLOUD_SERVER", "a"), ("MCPR_CLOUD_URL", "a.example"));

        var ofFile = CloudDestination.Resolve(live.Current, NoToken, out _)!.Token.Read();
        var ofVariable = CloudDestination.Resolve(live.Current, _ => "mcpt_variable", out _)!;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        CloudDestination.Resolve(live.Current, NoToken, out var refusal);

        Assert.Equal(("mcpt_file", "mcpt_variable"), (ofFile, ofVariable.Token.Read()));
        Assert.Contains("can be read by others", refusal!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("mcpt_", $"{ofVariable} {refusal}", StringComparison.Ordinal);
    }

    private static string? NoToken(string variable) => null;

    private static LiveSettings Live(params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        return new LiveSettings([], environment, new Dictionary<ConfigurationEntry, string>());
    }
}
