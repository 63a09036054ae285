using System.CommandLine;
using System.Text.RegularExpressions;

namespace Tunnel.Bench.Run;

/// <summary>The command line of <c>bench/run</c>.</summary>
internal static class BenchCommand
{
    private const double QuickSeconds = 0.3;

    /// <summary>The exit code where the command line is wrong; 1 is for runs that failed.</summary>
    private const int Misused = 2;

    private static readonly TimeSpan s_matchLimit = TimeSpan.FromSeconds(1);

    private static readonly Option<bool> s_quick = new("--quick")
    {
        Description = "a smoke run: one short round of everything; its numbers mean nothing",
    };

    private static readonly Option<bool> s_scale = new("--scale")
    {
        Description = "how one relay does with ever more held streams and tunnels, in place of the comparisons",
    };

    private static readonly Option<int> s_rounds = new("--rounds") { Description = "rounds of every stage", DefaultValueFactory = _ => 5 };

    private static readonly Option<double> s_seconds = new("--seconds")
    {
        Description = "seconds of a measurement",
        DefaultValueFactory = _ => 2,
    };

    private static readonly Option<string> s_only = new("--only")
    {
        Description = "stages whose names match this regular expression",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<string> s_paths = new("--paths")
    {
        Description = "paths whose names match this regular expression",
        DefaultValueFactory = _ => "",
    };

    private static readonly Option<string[]> s_peers = new("--peer")
    {
        Description = "programs that you have: frps=PATH,frpc=PATH or piko=PATH or NAME=SCRIPT (see bench/README.md)",
    };

    private static readonly Option<string[]> s_builds = new("--build")
    {
        Description = "NAME=FOLDER: another build of mcpr to measure beside this one, a checkout or a folder with the programs",
    };

    private static readonly Option<FileInfo?> s_into = new("--into")
    {
        Description = "a Markdown file whose tables are replaced by those of this run",
    };

    private static readonly Option<int> s_limit = new("--limit")
    {
        Description = "minutes after which the run ends with what it has",
        DefaultValueFactory = _ => 60,
    };

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, InvocationConfiguration invocation)
    {
        var parsed = Create().Parse(arguments);
        var exitCode = await parsed.InvokeAsync(invocation);
        return parsed.Errors.Count > 0 ? Misused : exitCode;
    }

    private static RootCommand Create()
    {
        var command = new RootCommand("Measures mcpr against other tunnels, proxies and bridges, side by side on this machine.");
        foreach (var option in (Option[])[s_quick, s_scale, s_rounds, s_seconds, s_only, s_paths, s_peers, s_builds, s_into, s_limit])
        {
            command.Options.Add(option);
        }

        RequirePattern(s_only);
        RequirePattern(s_paths);
        command.SetAction((parsed, cancellationToken) => new BenchRun(Read(parsed)).RunAsync(cancellationToken));
        return command;
    }

    private static RunOptions Read(ParseResult parsed)
    {
        var quick = parsed.GetValue(s_quick);
        return new RunOptions
        {
            IsQuick = quick,
            IsScale = parsed.GetValue(s_scale),
            Rounds = quick ? 1 : parsed.GetValue(s_rounds),
            Duration = TimeSpan.FromSeconds(quick ? QuickSeconds : parsed.GetValue(s_seconds)),
            Only = Pattern(parsed.GetValue(s_only)!),
            Paths = Pattern(parsed.GetValue(s_paths)!),
            Peers = Files(parsed.GetValue(s_peers)),
            Builds = Files(parsed.GetValue(s_builds)),
            Into = parsed.GetValue(s_into),
            Limit = TimeSpan.FromMinutes(parsed.GetValue(s_limit)),
        };
    }

    /// <summary>NAME=PATH,NAME=PATH</summary>
    private static Dictionary<string, string> Files(string[]? pairs) =>
        (pairs ?? [])
            .SelectMany(texts => texts.Split(','))
            .Select(text => text.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => Path.GetFullPath(pair[^1]), StringComparer.Ordinal);

    private static void RequirePattern(Option<string> option) =>
        option.Validators.Add(given =>
        {
            try
            {
                _ = Pattern(given.GetValueOrDefault<string>());
            }
            catch (RegexParseException unreadable)
            {
                given.AddError($"{option.Name}: {unreadable.Message}");
            }
        });

    private static Regex Pattern(string text) => new(text, RegexOptions.None, s_matchLimit);
}
