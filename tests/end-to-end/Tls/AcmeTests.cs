using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary><c>--tls acme</c> against Pebble, by way of lego and a DNS provider that can fail.</summary>
[Trait("needs", "pebble")]
[Trait("tier", "slow")]
public sealed class AcmeTests : IDisposable
{
    private const string Domain = "tunnel.test";

    /// <summary>Longer than a test, so that nothing is renewed in it.</summary>
    private const int LongValidity = 3600;

    /// <summary>A third of it is enough to order the next certificate, also on a busy machine.</summary>
    private const int ShortValidity = 36;

    /// <summary>A third of it is enough also where some nonces are refused: each costs lego up to five seconds.</summary>
    private const int LongerValidity = 60;

    private const string Ordered = "[1304]";
    private const string Issued = "[1305]";
    private const string NotIssued = "[1306]";

    private readonly TemporaryFolder _data = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task Certificate_IsIssuedServedAndRenewedWhileRequestsRun()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var pebble = await Pebble.StartAsync(LongerValidity, Cancellation, refusedNonces: 15);
        await using var relay = await StartAsync(pebble);
        await WaitForLineAsync(relay, Issued);
        var url = await relay.ConnectAsync(origin.BaseAddress, pebble.RootPath, Cancellation);
        var thumbprints = new HashSet<string>(StringComparer.Ordinal);
        using var staying = relay.NewClient(pebble.Root);

        // One caller stays on its connection, others come and go.
        var calls = 0;
        while (thumbprints.Count < 2)
        {
            using var passing = relay.NewClient(pebble.Root, thumbprint => thumbprints.Add(thumbprint));
            foreach (var client in (HttpClient[])[staying, passing])
            {
                using var response = await client.SendAsync(TlsRelay.Call(url, HttpVersion.Version20, $"{++calls}"), Cancellation);
                Assert.Equal(Calls.EchoResult($"{calls}", "x"), await response.Content.ReadAsStringAsync(Cancellation));
            }
        }

        Assert.True(calls > 20, $"only {calls} calls");
        Assert.All(
            Directory.EnumerateFiles(_data.Path, "*.*", SearchOption.AllDirectories).Where(IsSecret),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(file))
        );
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task ProviderThatFails_LeavesTheOldCertificateInUse()
    {
        await using var pebble = await Pebble.StartAsync(ShortValidity, Cancellation);
        string first;
        await using (var relay = await StartAsync(pebble))
        {
            await WaitForLineAsync(relay, Issued);
            first = await SeeAsync(relay, pebble);
            pebble.Provider.IsDown = true;

            var told = await WaitForLineAsync(relay, NotIssued);
            Assert.Contains("503", told, StringComparison.Ordinal);
            Assert.Contains("good until", told, StringComparison.Ordinal);
            Assert.Equal(first, await SeeAsync(relay, pebble));
        }

        pebble.Provider.IsDown = false;
        await using var again = await StartAsync(pebble);
        await WaitForLineAsync(again, Issued);
        Assert.NotEqual(first, await SeeAsync(again, pebble), StringComparer.Ordinal);
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task RelayWithoutACertificate_StaysAndIsNotReady()
    {
        await using var pebble = await Pebble.StartAsync(LongValidity, Cancellation);
        pebble.Provider.IsDown = true;
        await using var relay = await StartAsync(pebble);
        await WaitForLineAsync(relay, NotIssued);
        using var client = relay.NewClient(pebble.Root);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(relay.UrlOf("otter"), Cancellation));
        using var ready = await client.GetAsync(new Uri($"http://{Domain}:{relay.PlainPort}/readyz"), Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("no certificate yet\n", await ready.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task RelayThatStartsAgain_OrdersNothing()
    {
        await using var pebble = await Pebble.StartAsync(LongValidity, Cancellation);
        string first;
        await using (var relay = await StartAsync(pebble))
        {
            await WaitForLineAsync(relay, Issued);
            first = await SeeAsync(relay, pebble);
        }

        await using var again = await StartAsync(pebble);
        Assert.Equal(first, await SeeAsync(again, pebble));
        Assert.DoesNotContain(again.Process.Error.Lines, line => line.Contains(Ordered, StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task AuthorityThatWantsItsCustomersKey_IssuesToWhoHasIt()
    {
        var key = (Id: "kid-1", Key: Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        await using var pebble = await Pebble.StartAsync(LongValidity, Cancellation, refusedNonces: 30, accountKey: key);
        await using (var stranger = await StartAsync(pebble))
        {
            Assert.Contains("account", await WaitForLineAsync(stranger, NotIssued), StringComparison.OrdinalIgnoreCase);
        }

        await using var relay = await StartAsync(pebble, "--acme-eab-kid", key.Id, "--acme-eab-hmac-file", pebble.AccountKeyPath);
        await WaitForLineAsync(relay, Issued);

        Assert.NotEmpty(await SeeAsync(relay, pebble));
        Assert.DoesNotContain(relay.Process.Error.Lines, line => line.Contains(key.Key, StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task RelayWithoutLego_SaysWhatToInstall()
    {
        await using var pebble = await Pebble.StartAsync(LongValidity, Cancellation);
        await using var relay = ChildProcess.Start(
            Programs.Relay,
            ["--domain", Domain, "--data", _data.Path, .. pebble.Arguments],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["PATH"] = _data.Path }
        );

        Assert.Equal(3, await relay.WaitForExitAsync(Cancellation));
        Assert.Contains(relay.Error.Lines, line => line.Contains("apt-get install lego", StringComparison.Ordinal));
    }

    public void Dispose() => _data.Dispose();

    private static bool IsSecret(string file) => Path.GetExtension(file) is ".key" or ".pem" or ".json";

    private static UnixFileMode ModeOf(string file) =>
        OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(file);

    /// <summary>Renewals come in their own time, which is longer than anything should take that simply happens.</summary>
    private static async Task<string> WaitForLineAsync(TlsRelay relay, string id)
    {
        while (true)
        {
            try
            {
                return await relay.Process.Error.WaitForAsync(line => line.Contains(id, StringComparison.Ordinal), Cancellation);
            }
            catch (TimeoutException) when (!relay.Process.HasExited)
            {
                // The test's own limit ends this.
            }
        }
    }

    private static async Task<string> SeeAsync(TlsRelay relay, Pebble pebble)
    {
        var seen = string.Empty;
        using var client = relay.NewClient(pebble.Root, thumbprint => seen = thumbprint);
        using var _ = await client.GetAsync(relay.UrlOf("otter"), Cancellation);
        return seen;
    }

    private Task<TlsRelay> StartAsync(Pebble pebble, params string[] arguments) =>
        TlsRelay.StartAsync(Domain, [.. pebble.Arguments, .. arguments], Cancellation, _data.Path, pebble.Environment);
}
