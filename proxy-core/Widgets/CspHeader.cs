namespace Tunnel.ProxyCore.Widgets;

/// <summary>
/// Extends the policy of a page (CSP level 3) as the metadata of widgets is extended: <c>default-src 'self'; img-src http://localhost:9000 data:</c>.
/// Directives and sources that it does not know stay as they are, and so does every policy of several.
/// </summary>
internal sealed class CspHeader(CspOptions options, CspSurroundings surroundings, string path)
{
    private const string Nothing = "'none'";
    private const string Self = "'self'";
    private const string Default = "default-src";
    private const string Ancestors = "frame-ancestors";

    /// <summary>Where hosts show widgets: the page of the chat, and the sandbox in it. Every frame around a page has to be allowed.</summary>
    private static readonly string[] s_hosts =
    [
        "https://chatgpt.com",
        "https://*.oaiusercontent.com",
        "https://claude.ai",
        "https://*.claudemcpcontent.com",
    ];

    /// <summary>What a list of the configuration is about, and where a page's policy says so. Where that is missing its default counts.</summary>
    private static readonly (string Name, CspDirective About, bool HasDefault)[] s_known =
    [
        ("connect-src", CspDirective.Connect, true),
        ("script-src", CspDirective.Resource, true),
        ("style-src", CspDirective.Resource, true),
        ("img-src", CspDirective.Resource, true),
        ("font-src", CspDirective.Resource, true),
        ("media-src", CspDirective.Resource, true),
        ("script-src-elem", CspDirective.Resource, false),
        ("style-src-elem", CspDirective.Resource, false),
        ("frame-src", CspDirective.Frame, true),
        ("base-uri", CspDirective.BaseUri, false),
    ];

    /// <summary>The value of one header, in which commas separate policies.</summary>
    public string Rewrite(string header) => string.Join(',', header.Split(',').Select(RewritePolicy));

    private string RewritePolicy(string policy)
    {
        var directives = policy.Split(';').Select(text => new Directive(text)).ToList();
        var byDefault = Find(directives, Default);
        foreach (var directive in directives.Where(directive => directive != byDefault && HasSources(directive)))
        {
            Extend(directive, directive.Sources);
        }

        foreach (var (name, _, hasDefault) in s_known)
        {
            // An older policy speaks of frames as children.
            var inherited = name == "frame-src" ? Find(directives, "child-src") ?? byDefault : byDefault;
            if (hasDefault && inherited is not null && Find(directives, name) is null)
            {
                var added = new Directive(name);
                if (Extend(added, inherited.Sources))
                {
                    directives.Add(added);
                }
            }
        }

        if (byDefault is not null)
        {
            byDefault.Sources = [.. byDefault.Sources.Select(MadePublic).Distinct(StringComparer.Ordinal)];
        }

        return string.Join(';', directives);
    }

    /// <returns>Whether it says something else now.</returns>
    private bool Extend(Directive directive, IReadOnlyList<string> inherited)
    {
        var sources = inherited.Select(MadePublic).ToList();
        if (directive.Name.Equals(Ancestors, StringComparison.OrdinalIgnoreCase))
        {
            AddHosts(sources);
        }
        else if (
            s_known.FirstOrDefault(known => known.Name.Equals(directive.Name, StringComparison.OrdinalIgnoreCase)) is
            { Name: not null } known
        )
        {
            Apply(known.About, sources);
        }

        if (sources.Count > 1)
        {
            sources.Remove(Nothing);
        }

        var isOther = !sources.SequenceEqual(inherited, StringComparer.Ordinal);
        if (isOther)
        {
            directive.Sources = [.. sources.Distinct(StringComparer.Ordinal)];
        }

        return isOther;
    }

    private void Apply(CspDirective about, List<string> sources)
    {
        var isForbidden = sources.Count == 0 || sources is [Nothing];
        foreach (var rule in options.Rules)
        {
            if (rule.IsFor(path) && rule.Lists.GetValueOrDefault(about) is { HasEffect: true } list)
            {
                isForbidden &= list.Sources.IsEmpty;
                if (list.Mode == CspMode.Replace)
                {
                    // Keywords, nonces and data: are no places; they are how the page works.
                    sources.RemoveAll(source =>
                        source is "*" or "http:" or "https:" or "ws:" or "wss:" || CspSource.TryParse(source, out _, out _)
                    );
                }

                sources.AddRange(list.Sources.Select(source => (surroundings.MadePublic(source) ?? source).ToString()));
            }
        }

        AddOwn(about, isForbidden, sources);
        if (sources.Count == 0)
        {
            sources.Add(Nothing);
        }
    }

    private void AddOwn(CspDirective about, bool isForbidden, List<string> sources)
    {
        var isAsked = !isForbidden || surroundings.ServesWidgets || options.Report;
        if (surroundings.PublicOrigin is not { } origin || !isAsked || about is not (CspDirective.Connect or CspDirective.Resource))
        {
            return;
        }

        // The page is loaded from the public origin.
        if (!sources.Contains(Self, StringComparer.OrdinalIgnoreCase) && !sources.Contains("*", StringComparer.Ordinal))
        {
            sources.Add(origin.ToString());
        }

        if (about == CspDirective.Connect && surroundings.HotReloads)
        {
            sources.Add(origin.ForWebSockets().ToString());
        }
    }

    /// <summary>Widgets are there to be framed. Other pages of the server may be where people log in, which nobody but the server should open to frames.</summary>
    private void AddHosts(List<string> sources)
    {
        if (surroundings.ServesWidgets && !sources.Contains("*", StringComparer.Ordinal))
        {
            sources.AddRange(s_hosts);
        }
    }

    private string MadePublic(string source) =>
        CspSource.TryParse(source, out var place, out _) && surroundings.MadePublic(place) is { } origin ? origin.ToString() : source;

    /// <summary>Reports go where the server says, and by itself; other directives have words of their own, which no source looks like.</summary>
    private static bool HasSources(Directive directive) =>
        directive.Name.Length > 0 && !directive.Name.StartsWith("report-", StringComparison.OrdinalIgnoreCase);

    private static Directive? Find(List<Directive> directives, string name) =>
        // Of several the first counts (section 2.2.1).
        directives.Find(directive => directive.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A directive, which keeps its text until its sources change.</summary>
    private sealed class Directive
    {
        private readonly string _text;
        private string[]? _sources;

        public Directive(string text)
        {
            _text = text;
            var tokens = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            Name = tokens.FirstOrDefault(string.Empty);
            Written = [.. tokens.Skip(1)];
        }

        public string Name { get; }

        public string[] Sources
        {
            get => _sources ?? Written;
            set => _sources = value.SequenceEqual(Written, StringComparer.Ordinal) ? null : value;
        }

        private string[] Written { get; }

        public override string ToString() => _sources is null ? _text : $" {Name} {string.Join(' ', _sources)}".TrimEnd();
    }
}
