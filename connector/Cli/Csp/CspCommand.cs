using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tunnel.Connector.Configuration;
using Tunnel.Connector.Hosting;
using Tunnel.ProxyCore.Widgets;
using Tunnel.ProxyCore.Widgets.Explaining;

namespace Tunnel.Connector.Cli.Csp;

/// <summary><c>mcpr csp explain ui://widget/map</c>: what hosts let a widget load, and why.</summary>
internal static class CspCommand
{
    private const string Description = """
        Asks the MCP server for its widgets and tells of each what its policy is, who wanted what in it, and what hosts make of it.

          mcpr csp explain --mcp 9000 --public-url https://mcp.example.com
          mcpr csp explain ui://widget/map                     just this one, with the mcp of mcpr.toml
        """;

    private static readonly Argument<string?> s_uri = new("uri")
    {
        Description = "The widget; all of the server if not given",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> s_json = new("--json") { Description = "A JSON array instead of text" };

    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create()
    {
        var explain = new Command("explain", Description) { s_uri, s_json };
        SettingOptions.AddTo(explain);
        explain.SetAction(
            async (result, stopping) =>
            {
                using var live = SettingOptions.Load(result, ConfigurationFolders.OfThisProcess(), out var refusal);
                return live is null ? refusal!.Report()
                    : live.Problems.Count > 0 ? ProblemReport.Write(live.Problems)
                    : await ExplainAsync(live.Current, result.GetValue(s_uri), result.GetValue(s_json), stopping);
            }
        );
        return new Command("csp", "Explains what widgets may load") { explain };
    }

    private static async Task<int> ExplainAsync(Settings settings, string? uri, bool isJson, CancellationToken stopping)
    {
        if (!settings.TryGet(ConfigurationSchema.Mcp, out var servers))
        {
            return new Refusal(ExitCodes.Usage, "there is no MCP server to ask", "pass --mcp, such as --mcp localhost:9000").Report();
        }

        IReadOnlyList<DescribedWidget> widgets;
        try
        {
            using var server = await McpReader.ConnectAsync(servers[0], stopping);
            widgets = await new WidgetReader(server).ReadAsync(uri, stopping);
        }
        catch (McpReaderException failed)
        {
            return new Refusal(ExitCodes.Failure, failed.Message, "is it running, and is the path of --mcp its endpoint").Report();
        }

        var surroundings = SurroundingsOf(settings, servers[0]);
        if (surroundings.PublicOrigin is null)
        {
            Console.Error.WriteLine(
                "mcpr: without --public-url this is what callers on this machine get; hosts elsewhere need a public origin"
            );
        }

        var options = CspSettings.Read(settings);
        var all = widgets
            .Select(widget => (widget, WidgetExplanation.Of(widget.Uri, widget.Listed, widget.Read, options, surroundings)))
            .ToArray();
        Console.Out.WriteLine(
            isJson
                ? ExplanationJson.Of(all).ToJsonString(s_indented)
                : string.Join("\n\n", all.Select(one => string.Join('\n', ExplanationText.Format(one.widget, one.Item2))))
        );
        if (all.Length == 0)
        {
            Console.Error.WriteLine("mcpr: the server has no widgets");
        }

        return ExitCodes.Success;
    }

    private static CspSurroundings SurroundingsOf(Settings settings, Uri server)
    {
        settings.TryGet(ConfigurationSchema.PublicUrl, out var publicUrl);
        settings.TryGet(ConfigurationSchema.Widgets, out var widgets);
        return new CspSurroundings
        {
            PublicOrigin = SourceOf(publicUrl),
            Behind = [.. new[] { server, widgets?.Server }.Select(SourceOf).OfType<CspSource>()],
            ServesWidgets = widgets is not null,
            HotReloads = widgets?.Server is not null,
        };
    }

    private static CspSource? SourceOf(Uri? url) =>
        url is not null && CspSource.TryParse(url.GetLeftPart(UriPartial.Authority), out var source, out _) ? source : null;
}
