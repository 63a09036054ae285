using Tunnel.ProxyCore.Files;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Tls.Orders;

namespace Tunnel.Relay.Tls;

/// <summary>
/// Orders certificates with the program lego, which knows ACME and the DNS providers. It inherits our environment, where its
/// documentation wants the provider's credentials. It runs once at a time: its account is made by the first run, and authorities count.
/// </summary>
internal sealed class LegoClient(RelayOptions options, IOrderTurns turns) : IDisposable
{
    /// <summary>Some providers take minutes until their name servers have the record, and two are asked for.</summary>
    private static readonly TimeSpan s_dnsTimeout = TimeSpan.FromMinutes(15);

    /// <summary>The authority asks here at once, and gives up soon.</summary>
    private static readonly TimeSpan s_httpTimeout = TimeSpan.FromMinutes(3);

    private readonly AcmeOptions _acme = options.Tls.Acme;
    private readonly SemaphoreSlim _turn = new(1);

    public Uri Server => _acme.Server;

    /// <summary>Everything about this authority: what it issued for others must not be taken for its own.</summary>
    private string Folder { get; } =
        Path.Combine(
            Path.GetFullPath(options.DataDirectory),
            "acme",
            $"{options.Tls.Acme.Server.Authority.Replace(':', '_')}",
            options.Domain.ToLowerInvariant()
        );

    /// <summary>Where lego puts answers to HTTP challenges, in <c>.well-known/acme-challenge</c>.</summary>
    public string ChallengeFolder => Path.Combine(Folder, "http");

    public bool IsInstalled => ProgramRun.Find("lego") is not null;

    /// <summary>Where the newest certificate is kept.</summary>
    public string FileOf(CertificateSubject subject) =>
        subject.IsWildcard ? Path.Combine(Folder, "certificate.pem") : Path.Combine(Folder, "domains", $"{subject.Domain}.pem");

    /// <returns>A new certificate with its chain and key, as PEM.</returns>
    /// <exception cref="IssuanceException">There is none.</exception>
    public async Task<string> OrderAsync(CertificateSubject subject, CancellationToken cancellationToken)
    {
        var program = ProgramRun.Find("lego") ?? throw new IssuanceException("the program lego is not on PATH");
        var folder = Path.Combine(Folder, "lego");
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Nobody else gets into it, whatever lego thinks of its files.
            PrivateFile.CreateFolder(folder);
            PrivateFile.CreateFolder(ChallengeFolder);
            var account = new LegoAccount(_acme, folder);
            account.Import(await turns.ReadAccountAsync(cancellationToken));
            await account.EnsureAsync(cancellationToken);
            // "run" makes a key of its own for every certificate, and finds the account of last time by itself.
            var limit = subject.IsWildcard ? s_dnsTimeout : s_httpTimeout;
            await ProgramRun.RunAsync(program, [.. Arguments(folder, subject), "run"], limit, cancellationToken);
            foreach (var key in Directory.EnumerateFiles(folder, "*.key", SearchOption.AllDirectories))
            {
                PrivateFile.Close(key);
            }

            if (turns.AreShared)
            {
                await turns.OfferAccountAsync(account.Export(), cancellationToken);
            }

            var issued = Path.Combine(folder, "certificates", subject.Domain);
            return IssuedCertificate.Join(
                await File.ReadAllTextAsync($"{issued}.crt", cancellationToken),
                await File.ReadAllTextAsync($"{issued}.key", cancellationToken)
            );
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new IssuanceException($"there is no certificate in {folder}: {unreadable.Message}");
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private IEnumerable<string> Arguments(string folder, CertificateSubject subject) =>
        [
            "--accept-tos",
            "--server",
            _acme.Server.AbsoluteUri,
            "--path",
            folder,
            "--email",
            _acme.Email!,
            .. subject.IsWildcard ? DnsArguments() : ["--http", "--http.webroot", ChallengeFolder],
            // Without it lego gives up at such an authority; with an account that is there it wants no key.
            .. _acme.AccountKey is null ? [] : (string[])["--eab"],
            // The first one gives the files their name.
            "--domains",
            subject.Domain,
            .. subject.IsWildcard ? (string[])["--domains", $"*.{subject.Domain}"] : [],
        ];

    private string[] DnsArguments() =>
        [
            "--dns",
            _acme.DnsProvider!,
            .. _acme.AwaitsPropagation ? [] : (string[])["--dns.disable-cp"],
            .. _acme.Resolvers.SelectMany(resolver => (string[])["--dns.resolvers", resolver]),
        ];
}
