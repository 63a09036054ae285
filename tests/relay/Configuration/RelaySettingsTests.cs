using System.Text.Json;
using Tunnel.ProxyCore.Configuration;
using Tunnel.Relay.Configuration;
using Xunit;

namespace Tunnel.Relay.Tests.Configuration;

public sealed class RelaySettingsTests
{
    [Fact]
    public void Names_AreUniqueAndDescriptionsFitIntoATable()
    {
        Assert.Equal(RelaySettings.All.Length, RelaySettings.All.Select(setting => setting.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.All(
            RelaySettings.All,
            setting =>
            {
                Assert.Matches("^--[a-z]+(-[a-z]+)*$", setting.Flag);
                Assert.Matches("^[a-z][^|]*[^.|]$", setting.Description);
            }
        );
    }

    [Fact]
    public void Default_IsWhatTheOptionsHaveAnyway()
    {
        var byDefault = JsonSerializer.Serialize(new RelayOptions());
        var options = new RelayOptions();

        Assert.All(RelaySettings.All, setting => Assert.Null(setting.Default is { } text ? setting.Apply(options, text) : null));

        Assert.Equal(byDefault, JsonSerializer.Serialize(options));
    }

    [Fact]
    public async Task Documentation_ListsTheSettingsAndNothingElse()
    {
        var document = await File.ReadAllLinesAsync(
            Path.Combine(AppContext.BaseDirectory, "relay-config.md"),
            TestContext.Current.CancellationToken
        );

        var documented = document.Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Count(c => c == '|') == 6);

        Assert.Equal(RelaySettings.All.Select(Row), documented, StringComparer.Ordinal);
    }

    [Fact]
    public void Flag_WinsOverTheVariable()
    {
        var options = Resolve(("--hold", "2s"), ("MCPR_RELAY_HOLD", "3s"), ("MCPR_RELAY_MAX_HELD", "7"));

        Assert.Equal((TimeSpan.FromSeconds(2), 7), (options.Hold, options.MaxHeld));
    }

    [Fact]
    public void PublicUrl_GivesTheDomainUnlessThereIsOne()
    {
        var url = ("--public-url", "https://tunnel.example.com");

        Assert.Equal("tunnel.example.com", Resolve(url).Domain);
        Assert.Equal("Tunnel.Example.com", Resolve(url, ("--domain", "Tunnel.Example.com")).Domain);
    }

    [Theory]
    [InlineData("10", 10_000)]
    [InlineData("1.5", 1500)]
    [InlineData("250ms", 250)]
    [InlineData(" 10s ", 10_000)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("90d", 7_776_000_000)]
    public void Duration_IsReadAsPeopleWriteIt(string text, double milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("10 years")]
    [InlineData("1e9d")]
    [InlineData("99999999d")]
    [InlineData("NaN")]
    [InlineData("-Infinity")]
    [InlineData("Infinitys")]
    public void OtherText_IsNoDuration(string text)
    {
        Assert.False(Durations.TryParse(text, out _));
    }

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("64KiB", 65_536)]
    [InlineData("16MiB", 16_777_216)]
    [InlineData("1GiB", 1_073_741_824)]
    public void Size_IsReadAsPeopleWriteIt(string text, long bytes)
    {
        Assert.True(Sizes.TryParse(text, out var size));
        Assert.Equal(bytes, size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("-1")]
    [InlineData("1.5MiB")]
    [InlineData("9223372036854775807KiB")]
    public void OtherText_IsNoSize(string text)
    {
        Assert.False(Sizes.TryParse(text, out _));
    }

    /// <summary><c>| `max_tunnels` | number | `10000` | `--max-tunnels` | open tunnels, at most |</c></summary>
    private static string Row(RelaySetting setting)
    {
        var byDefault = setting.Default is { } text ? $" `{text}`" : "";
        return $"| `{setting.Key}` | {setting.Kind.Name} |{byDefault} | `{setting.Flag}` | {setting.Description} |";
    }

    private static RelayOptions Resolve(params (string Name, string Value)[] given)
    {
        var values = given.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        var configuration = RelayConfiguration.Resolve(
            setting => values.GetValueOrDefault(setting.Flag),
            name => values.GetValueOrDefault(name)
        );
        Assert.Empty(configuration.Problems);
        return configuration.Options;
    }
}
