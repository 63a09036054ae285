using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tunnel.Connector.Configuration;
using Tunnel.Connector.Hosting;
using Tunnel.Connector.Terminal;
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

    private const int MaxUri = 200;

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
        var servers = ServersOf(settings);
        if (servers.Length == 0)
        {
            return new Refusal(ExitCodes.Usage, "there is no MCP server to ask", "pass --mcp, such as --mcp localhost:9000").Report();
        }

        List<(DescribedWidget, WidgetExplanation)> all = [];
        foreach (var server in servers)
        {
            try
            {
                all.AddRange(await ExplainAsync(settings, server, uri, stopping));
            }
            catch (McpReaderException elsewhere) when (elsewhere.IsAnswer && uri is not null && servers.Length > 1)
            {
                // The widget is one of another server's.
            }
            catch (McpReaderException failed)
            {
                return new Refusal(
                    ExitCodes.Failure,
                    failed.Message,
                    "is it running, and is the path of its address its endpoint"
                ).Report();
            }
        }

        if (!settings.Has(ConfigurationSchema.PublicUrl))
        {
            Console.Error.WriteLine(
                "mcpr: without --public-url this is what callers on this machine get; hosts elsewhere need a public origin"
            );
        }

        Console.Out.WriteLine(
            isJson
                ? ExplanationJson.Of(all).ToJsonString(s_indented)
                : string.Join("\n\n", all.Select(one => string.Join('\n', ExplanationText.Format(one.Item1, one.Item2))))
        );
        if (all.Count == 0)
        {
            Console.Error.WriteLine(uri is null ? "mcpr: there are no widgets" : $"mcpr: error: no server has {PlainText.Of(uri, MaxUri)}");
        }

        return all.Count == 0 && uri is not null ? ExitCodes.Failure : ExitCodes.Success;
    }

    private static ImmutableArray<Uri> ServersOf(Settings settings) =>
        [
            .. settings.TryGet(ConfigurationSchema.Mcp, out var mcp) ? mcp.Take(1) : [],
            .. settings
                .Get(ConfigurationSchema.Servers)
                .SelectMany(server => server.TryGet(ConfigurationSchema.ServerUrl, out var urls) ? urls.Take(1) : []),
        ];

    private static async Task<IEnumerable<(DescribedWidget, WidgetExplanation)>> ExplainAsync(
        Settings settings,
        Uri server,
        string? uri,
        CancellationToken stopping
    )
    {
        using var reader = await McpReader.ConnectAsync(server, stopping);
        var widgets = await new WidgetReader(reader).ReadAsync(uri, stopping);
        var (options, surroundings) = (CspSettings.Read(settings), SurroundingsOf(settings, server));
        return widgets.Select(widget => (widget, WidgetExplanation.Of(widget.Uri, widget.Listed, widget.Read, options, surroundings)));
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
