using Microsoft.Extensions.Logging;
using Tunnel.Connector.Configuration;
using Tunnel.Connector.Logging;
using Xunit;

namespace Tunnel.Connector.Tests.Logging;

public sealed class TerminalLogTests
{
    private readonly List<string> _lines = [];

    [Theory]
    [InlineData("off", 0)]
    [InlineData("error", 2)]
    [InlineData("warning", 3)]
    [InlineData("info", 4)]
    [InlineData("debug", 5)]
    public void Level_DecidesWhatIsWritten(string level, int expected)
    {
        using var settings = SettingsOf(level);
        using var log = new TerminalLog(_lines.Add, settings);
        var logger = log.CreateLogger("Some.Category");

        foreach (
            var severity in new[]
            {
                LogLevel.Trace,
                LogLevel.Debug,
                LogLevel.Information,
                LogLevel.Warning,
                LogLevel.Error,
                LogLevel.Critical,
            }
        )
        {
            Write(logger, severity, "message 5");
        }

        Assert.Equal(expected, _lines.Count);
        Assert.All(_lines, line => Assert.EndsWith(": message 5 (Some.Category)", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Exception_IsNamedAndTracedOnlyForDebugging()
    {
        using var settings = SettingsOf("debug");
        using var log = new TerminalLog(_lines.Add, settings);
        try
        {
            throw new InvalidOperationException("broken");
        }
        catch (InvalidOperationException thrown)
        {
            Write(log.CreateLogger("C"), LogLevel.Error, "It failed.", thrown);
        }

        Assert.Equal("error: It failed: InvalidOperationException: broken (C)", _lines[0]);
        Assert.Contains("TerminalLogTests", _lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics")]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel.BadRequests")]
    [InlineData("Yarp.ReverseProxy.Forwarder.HttpForwarder")]
    public void LogsOfRequests_AreNeverWritten(string category)
    {
        using var settings = SettingsOf("debug");
        using var log = new TerminalLog(_lines.Add, settings);

        Write(log.CreateLogger(category), LogLevel.Critical, "GET /private?token=1");

        Assert.Empty(_lines);
    }

    private static void Write(ILogger logger, LogLevel level, string message, Exception? exception = null) =>
        logger.Log(level, eventId: default, message, exception, (text, _) => text);

    private static LiveSettings SettingsOf(string level)
    {
        var flags = new Dictionary<ConfigurationEntry, string> { [ConfigurationSchema.LogLevel] = level };
        return new LiveSettings([], new Dictionary<string, string>(StringComparer.Ordinal), flags);
    }
}
