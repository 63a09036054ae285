using Tunnel.ProxyCore.Files;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Tls;

/// <summary>
/// Orders certificates with the program lego, which knows ACME and the DNS providers. It inherits our environment, where its
/// documentation wants the provider's credentials.
/// </summary>
internal sealed class LegoClient(RelayOptions options)
{
    /// <summary>Some providers take minutes until their name servers have the record, and two are asked for.</summary>
    private static readonly TimeSpan s_orderTimeout = TimeSpan.FromMinutes(15);

    private readonly AcmeOptions _acme = options.Tls.Acme;
    private readonly string _domain = options.Domain.ToLowerInvariant();

    public Uri Server => _acme.Server;

    /// <summary>Everything about this authority: what it issued for others must not be taken for its own.</summary>
    public string Folder { get; } =
        Path.Combine(
            Path.GetFullPath(options.DataDirectory),
            "acme",
            $"{options.Tls.Acme.Server.Authority.Replace(':', '_')}",
            options.Domain.ToLowerInvariant()
        );

    public bool IsInstalled => ProgramRun.Find("lego") is not null;

    /// <returns>A new certificate with its chain, and its key, as PEM.</returns>
    /// <exception cref="IssuanceException">There is none.</exception>
    public async Task<(string CertificatePem, string KeyPem)> OrderAsync(CancellationToken cancellationToken)
    {
        var program = ProgramRun.Find("lego") ?? throw new IssuanceException("the program lego is not on PATH");
        var folder = Path.Combine(Folder, "lego");
        try
        {
            // Nobody else gets into it, whatever lego thinks of its files.
            PrivateFile.CreateFolder(folder);
            await new LegoAccount(_acme, folder).EnsureAsync(cancellationToken);
            // "run" makes a key of its own for every certificate, and finds the account of last time by itself.
            await ProgramRun.RunAsync(program, [.. Arguments(folder), "run"], s_orderTimeout, cancellationToken);
            foreach (var key in Directory.EnumerateFiles(folder, "*.key", SearchOption.AllDirectories))
            {
                PrivateFile.Close(key);
            }

            var issued = Path.Combine(folder, "certificates", _domain);
            return (
                await File.ReadAllTextAsync($"{issued}.crt", cancellationToken),
                await File.ReadAllTextAsync($"{issued}.key", cancellationToken)
            );
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new IssuanceException($"there is no certificate in {folder}: {unreadable.Message}");
        }
    }

    private IEnumerable<string> Arguments(string folder) =>
        [
            "--accept-tos",
            "--server",
            _acme.Server.AbsoluteUri,
            "--path",
            folder,
            "--email",
            _acme.Email!,
            "--dns",
            _acme.DnsProvider!,
            .. _acme.AwaitsPropagation ? [] : (string[])["--dns.disable-cp"],
            .. _acme.Resolvers.SelectMany(resolver => (string[])["--dns.resolvers", resolver]),
            // Without it lego gives up at such an authority; with an account that is there it wants no key.
            .. _acme.AccountKey is null ? [] : (string[])["--eab"],
            // The first one gives the files their name.
            "--domains",
            _domain,
            "--domains",
            $"*.{_domain}",
        ];
}
