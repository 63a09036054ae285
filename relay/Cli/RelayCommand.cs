using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.State;

namespace Tunnel.Relay.Cli;

/// <summary><c>mcpr-relay</c> itself: runs the relay until it is told to stop.</summary>
internal static class RelayCommand
{
    private const string EnvironmentPrefix = "MCPR_RELAY_";

    private static readonly Option<string?> s_domain = Text(
        "--domain",
        "host",
        "The relay's own host; tunnels are one label below it [localhost]"
    );
    private static readonly Option<string?> s_listen = Text(
        "--listen",
        "addresses",
        "Addresses to listen on, separated by ; [http://127.0.0.1:5100]"
    );
    private static readonly Option<string?> s_publicUrl = Text(
        "--public-url",
        "url",
        "The origin visitors use, where TLS or another port stands in front"
    );
    private static readonly Option<string?> s_data = Text(
        "--data",
        "folder",
        "Folder for names and tokens [~/.local/state/mcpr-relay]",
        recursive: true
    );
    private static readonly Option<string?> s_anonymous = Text(
        "--allow-anonymous",
        "true|false",
        "true or false: tunnels without a token [true only on loopback]"
    );
    private static readonly Option<string?> s_maxTunnels = Text("--max-tunnels", "number", "Open tunnels, at most [10000]");
    private static readonly Option<string?> s_maxRequests = Text(
        "--max-requests-per-tunnel",
        "number",
        "Requests under way in a tunnel, at most [4096]"
    );
    private static readonly Option<string?> s_dataConnections = Text(
        "--data-connections",
        "number",
        "Data connections per connector, 1 to 8 [2]"
    );

    public static RootCommand Create()
    {
        var command = new RootCommand(
            "Runs a tunnel relay for MCP servers. Every option can also be a variable: --max-tunnels is MCPR_RELAY_MAX_TUNNELS."
        )
        {
            s_domain,
            s_listen,
            s_publicUrl,
            s_data,
            s_anonymous,
            s_maxTunnels,
            s_maxRequests,
            s_dataConnections,
            TokensCommand.Create(Resolve),
        };
        command.SetAction((result, cancellationToken) => RunAsync(result, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        // A signal that comes before the command line library holds our task ends the program with 130 instead of stopping it.
        await Task.Yield();
        if (Resolve(result) is not { } options)
        {
            return ExitCodes.Configuration;
        }

        try
        {
            await RunAsync(options, cancellationToken);
            return ExitCodes.Success;
        }
        catch (IOException inUse) when (inUse.InnerException is AddressInUseException)
        {
            return Fail(ExitCodes.AddressInUse, inUse.Message, "stop the other program or choose another --listen");
        }
        catch (DataDirectoryException unusable)
        {
            return Fail(ExitCodes.Configuration, unusable.Message, DataDirectoryException.Hint);
        }
    }

    private static async Task RunAsync(RelayOptions options, CancellationToken cancellationToken)
    {
        await using var app = RelayApplication.Build(options);
        await app.StartAsync(cancellationToken);

        // Port 0 has become a real one.
        options.Listen = string.Join(';', app.Urls);
        await Console.Error.WriteLineAsync(
            $"mcpr-relay: listening on {string.Join(", ", app.Urls)}, tunnels at {options.OriginOf("NAME")}"
        );
        await WaitForStopAsync(app, cancellationToken);
    }

    private static int Fail(int exitCode, string message, string hint)
    {
        Console.Error.WriteLine($"mcpr-relay: error: {message}");
        Console.Error.WriteLine($"mcpr-relay: hint: {hint}");
        return exitCode;
    }

    private static async Task WaitForStopAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await using var stop = cancellationToken.Register(() => app.Lifetime.StopApplication());
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = app.Lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());
        await stopping.Task;
        await app.StopAsync(CancellationToken.None);
    }

    /// <summary>Flags over environment over defaults; null after saying everything that is wrong.</summary>
    private static RelayOptions? Resolve(ParseResult result)
    {
        List<string> problems = [];
        var options = new RelayOptions();
        options.Domain = Value(result, s_domain) ?? options.Domain;
        options.Listen = Value(result, s_listen) ?? options.Listen;
        options.DataDirectory = Value(result, s_data) ?? options.DataDirectory;
        if (Value(result, s_publicUrl) is { } publicUrl)
        {
            options.PublicUrl = Uri.TryCreate(publicUrl, UriKind.Absolute, out var url) ? url : null;
            options.Domain = Value(result, s_domain) ?? url?.Host ?? options.Domain;
            if (url is null)
            {
                problems.Add($"--public-url '{publicUrl}' is not like https://tunnel.example.com");
            }
        }

        options.AllowAnonymous = Parse(result, s_anonymous, bool.TryParse, options.AllowAnonymous, problems);
        options.MaxTunnels = Parse<int>(result, s_maxTunnels, int.TryParse, options.MaxTunnels, problems) ?? options.MaxTunnels;
        options.MaxRequestsPerTunnel =
            Parse<int>(result, s_maxRequests, int.TryParse, options.MaxRequestsPerTunnel, problems) ?? options.MaxRequestsPerTunnel;
        options.DataConnections =
            Parse<int>(result, s_dataConnections, int.TryParse, options.DataConnections, problems) ?? options.DataConnections;

        if (new RelayOptionsValidator().Validate(Options.DefaultName, options) is { Failed: true } invalid)
        {
            problems.AddRange(invalid.Failures);
        }

        foreach (var problem in problems)
        {
            Console.Error.WriteLine($"mcpr-relay: error: {problem}");
        }

        return problems.Count == 0 ? options : null;
    }

    private delegate bool TryParse<T>(string text, out T value);

    private static T? Parse<T>(ParseResult result, Option<string?> option, TryParse<T> tryParse, T? fallback, List<string> problems)
        where T : struct
    {
        if (Value(result, option) is not { } text)
        {
            return fallback;
        }

        if (tryParse(text, out var value))
        {
            return value;
        }

        problems.Add($"{option.Name} '{text}' is not a {(typeof(T) == typeof(bool) ? "true or false" : "number")}");
        return fallback;
    }

    private static string? Value(ParseResult result, Option<string?> option)
    {
        var variable = EnvironmentPrefix + option.Name.TrimStart('-').Replace('-', '_').ToUpperInvariant();
        return result.GetValue(option) ?? Environment.GetEnvironmentVariable(variable);
    }

    private static Option<string?> Text(string name, string helpName, string description, bool recursive = false) =>
        new(name)
        {
            HelpName = helpName,
            Description = description,
            Recursive = recursive,
        };
}
