using System.Globalization;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.EndToEnd.Tests.Resilience;
using Tunnel.EndToEnd.Tests.Telemetry;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary>Floods that only a listener with TLS knows; calls of another tunnel go on all the while.</summary>
[Collection(Alone.Name)]
public sealed class TlsFloodTests(ITestOutputHelper output) : IDisposable
{
    private const string Domain = "tunnel.test";
    private const int Streams = 10_000;
    private const int Attackers = 4;
    private const int Callers = 2;
    private const int RightAnswers = 60;
    private const int HalfOpen = 500;

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string CertificatePath => Path.Combine(_folder.Path, "cert.pem");

    private string KeyPath => Path.Combine(_folder.Path, "key.pem");

    private string AuthorityPath => Path.Combine(_folder.Path, "ca.pem");

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    [Trait("tier", "slow")]
    public async Task StreamsThatAreOpenedAndReset_LeaveOthersAlone()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var otherOrigin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await StartAsync();
        var attacked = await relay.ConnectAsync(origin.BaseAddress, AuthorityPath, Cancellation);
        var other = await relay.ConnectAsync(otherOrigin.BaseAddress, AuthorityPath, Cancellation);
        await using var load = CheckedLoad.Start(() => relay.NewClient(_authority.Certificate), other, Callers);
        await load.WhenRightAsync(RightAnswers, Cancellation);

        var attacks = Enumerable
            .Range(0, Attackers)
            .Select(_ => RapidReset.RunAsync(attacked, TlsRelay.TrustIn(_authority.Certificate), Streams, Cancellation))
            .ToList();
        await load.WhenRightAsync(RightAnswers, Cancellation);
        var ends = await Task.WhenAll(attacks);
        await load.WhenRightAsync(RightAnswers, Cancellation);
        await NothingIsLeftAsync(await AdminPort.OfAsync(relay.Process));

        output.WriteLine(
            FormattableString.Invariant($"{ends.Count(ended => ended)} of {Attackers} connections ended by the relay; {load}")
        );
        AssertUnharmed(load);
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    [Trait("tier", "slow")]
    public async Task HandshakesThatNeverBegin_AreEndedWhileOthersAreServed()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await StartAsync();
        var other = await relay.ConnectAsync(origin.BaseAddress, AuthorityPath, Cancellation);
        await using var load = CheckedLoad.Start(() => relay.NewClient(_authority.Certificate), other, Callers);

        var connected = Enumerable.Range(0, HalfOpen).Select(_ => RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation));
        var silent = await Task.WhenAll(connected);
        await load.WhenRightAsync(RightAnswers, Cancellation);
        await Task.WhenAll(silent.Select(connection => connection.Closed)).WaitAsync(Cancellation);
        foreach (var connection in silent)
        {
            await connection.DisposeAsync();
        }

        await load.WhenRightAsync(RightAnswers, Cancellation);
        AssertUnharmed(load);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task VisitorThatComesBack_ResumesItsSession(string version)
    {
        await using var relay = await StartAsync();
        var first = await HandshakeAsync(relay, version, "-sess_out");

        var second = await HandshakeAsync(relay, version, "-sess_in");

        Assert.Contains(first, line => line.StartsWith("New, TLSv1", StringComparison.Ordinal));
        Assert.Contains(second, line => line.StartsWith("Reused, TLSv1", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    /// <summary>Waits until nothing runs but what the callers of the other tunnel do.</summary>
    private static async Task NothingIsLeftAsync(AdminPort admin)
    {
        while (true)
        {
            var (_, metrics) = await admin.GetAsync("/metrics");
            var line = metrics.Split('\n').Single(line => line.StartsWith("mcpr_relay_exchanges_running ", StringComparison.Ordinal));
            if (int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture) <= Callers)
            {
                return;
            }
        }
    }

    private static void AssertUnharmed(CheckedLoad load)
    {
        Assert.Empty(load.Wrong);
        Assert.Empty(load.Refused);
        Assert.Equal(0, load.Aborted.Value);
    }

    /// <summary>One request over a connection of its own, which is read to its end: tickets come after the handshake.</summary>
    private async Task<IReadOnlyList<string>> HandshakeAsync(TlsRelay relay, string version, string session)
    {
        var request = $"GET /healthz HTTP/1.1\\r\\nHost: {Domain}:{relay.Port}\\r\\nConnection: close\\r\\n\\r\\n";
        var client =
            $"openssl s_client -connect 127.0.0.1:{relay.Port} -servername {Domain} {version} -ign_eof {session} {_folder.Path}/session";
        await using var bash = ChildProcess.Start("bash", ["-c", $"printf '{request}' | {client}"]);
        await bash.WaitForExitAsync(Cancellation);
        await bash.Output.WaitForAsync(line => line.Contains("TLSv1", StringComparison.Ordinal), Cancellation);
        return bash.Output.Lines;
    }

    private async Task<TlsRelay> StartAsync()
    {
        _authority.Issue(CertificatePath, KeyPath, Domain, $"*.{Domain}");
        await File.WriteAllTextAsync(AuthorityPath, _authority.Certificate.ExportCertificatePem(), Cancellation);
        string[] files = ["--tls", "files", "--tls-cert", CertificatePath, "--tls-key", KeyPath, "--admin", "0"];
        return await TlsRelay.StartAsync(Domain, files, Cancellation);
    }
}
