using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Tunnel.Connector.Configuration;

namespace Tunnel.Connector.Logging;

/// <summary>
/// What the web server and the proxy log, as lines for people: <c>mcpr: warning: … (Microsoft.AspNetCore.Server.Kestrel)</c>. How much of
/// it can change at any moment. What goes through is not logged at all, at no level: paths and queries of callers are theirs.
/// </summary>
internal sealed class TerminalLog : ILoggerProvider
{
    // They log requests with their URL or their bytes. While the first logs nothing, it also makes no activity for each.
    private static readonly string[] s_requestLogs =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests",
        "Yarp.ReverseProxy",
    ];

    private readonly Action<string> _say;
    private readonly IDisposable _watch;
    private volatile LogDetail _detail;

    public TerminalLog(Action<string> say, LiveSettings settings)
    {
        _say = say;
        _detail = settings.Current.Get(ConfigurationSchema.LogLevel);
        _watch = ChangeToken.OnChange(settings.GetReloadToken, () => _detail = settings.Current.Get(ConfigurationSchema.LogLevel));
    }

    public ILogger CreateLogger(string categoryName) =>
        new Logger(this, categoryName, s_requestLogs.Any(prefix => categoryName.StartsWith(prefix, StringComparison.Ordinal)));

    public void Dispose() => _watch.Dispose();

    private bool Shows(LogLevel level) =>
        _detail switch
        {
            LogDetail.Off => false,
            LogDetail.Error => level >= LogLevel.Error,
            LogDetail.Warning => level >= LogLevel.Warning,
            LogDetail.Info => level >= LogLevel.Information,
            _ => level >= LogLevel.Debug,
        };

    private void Write(LogLevel level, string category, string message, Exception? exception)
    {
        var kind = level switch
        {
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warning",
            _ => "error",
        };
        var cause = exception is null ? string.Empty : $": {exception.GetType().Name}: {exception.Message}";
        _say($"{kind}: {message.TrimEnd('.')}{cause} ({category})");
        if (exception?.StackTrace is { } trace && _detail == LogDetail.Debug)
        {
            foreach (var line in trace.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                _say($"{kind}:   {line}");
            }
        }
    }

    private sealed class Logger(TerminalLog log, string category, bool isSilent) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => !isSilent && logLevel != LogLevel.None && log.Shows(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                log.Write(logLevel, category, formatter(state, exception), exception);
            }
        }
    }
}
