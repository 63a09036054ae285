using System.Net;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Tls;
using Xunit;

namespace Tunnel.Relay.Tests.Tls;

public sealed class TlsSettingsTests
{
    [Theory]
    [InlineData("--tls whatever", "--tls: 'whatever' is not one of off, files, dev or acme")]
    [InlineData("--listen https://127.0.0.1:1", "--listen has an https address, which needs --tls files, dev or acme")]
    [InlineData(
        "--tls dev --domain a.test --listen http://127.0.0.1:1",
        "--tls needs an https address in --listen; http addresses beside it send visitors there"
    )]
    [InlineData("--tls files --tls-cert c.pem", "--tls files needs --tls-cert and --tls-key")]
    [InlineData("--tls-key k.pem", "--tls-cert and --tls-key are nothing without --tls files")]
    [InlineData("--tls acme --domain a.test --acme-dns exec", "--tls acme needs --acme-email and --acme-dns")]
    [InlineData("--tls dev", "--domain 'localhost' has one label, for which no wildcard certificate works; take one like tunnel.localhost")]
    [InlineData("--tls dev --public-url http://a.test", "--public-url 'http://a.test/' is not https, but --tls is on")]
    [InlineData(
        "--acme-server http://a.test/dir",
        "--acme-server: 'http://a.test/dir' is not like https://acme-v02.api.letsencrypt.org/directory"
    )]
    [InlineData(
        "--trusted-proxies 10.0.0.0/8,proxy",
        "--trusted-proxies: 'proxy' is no network; it looks like 192.0.2.0/24, 2001:db8::/32 or 192.0.2.7"
    )]
    public void WhatDoesNotGoTogether_IsTold(string arguments, string expected)
    {
        _ = Resolve(arguments, out var problems);

        Assert.Equal([expected], problems);
    }

    [Fact]
    public void Tls_MakesTheDefaultAddressHttps()
    {
        var options = Resolve("--tls dev --domain a.test", out var problems);

        Assert.Empty(problems);
        Assert.Equal("https://otter.a.test:5100", options.OriginOf("otter"));
    }

    [Fact]
    public void Origin_IsThatOfTheAddressWithTls()
    {
        var options = Resolve("--tls dev --domain a.test --listen http://127.0.0.1:80;https://127.0.0.1:443", out _);

        Assert.Equal(("https://otter.a.test", "https"), (options.OriginOf("otter"), options.PublicScheme));
    }

    [Theory]
    [InlineData("acme", null, 365)]
    [InlineData("dev", null, 0)]
    [InlineData("dev", "30d", 30)]
    [InlineData("files", "0", 0)]
    public void StrictTransport_IsPromisedForAYearUnlessSaidOtherwise(string mode, string? said, int days)
    {
        var options = Resolve($"--tls {mode}{(said is null ? string.Empty : $" --hsts {said}")}", out _);

        Assert.Equal(TimeSpan.FromDays(days), options.Tls.StrictTransportOrDefault);
    }

    [Fact]
    public void TrustedProxies_AreNetworksAndAddresses()
    {
        var options = Resolve("--trusted-proxies 10.0.0.0/8,2001:db8::/32,192.0.2.7", out var problems);

        Assert.Empty(problems);
        Assert.Equal(
            [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("192.0.2.7/32")],
            options.TrustedProxies
        );
    }

    [Fact]
    public void Staging_IsThatOfLetsEncrypt()
    {
        Assert.Equal(AcmeOptions.Staging, Resolve("--acme-server staging", out _).Tls.Acme.Server);
    }

    private static RelayOptions Resolve(string arguments, out IReadOnlyList<string> problems)
    {
        var said = arguments.Split(' ').Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var configuration = RelayConfiguration.Resolve(setting => said.GetValueOrDefault(setting.Flag), _ => null);
        problems = [.. configuration.Problems.Select(problem => problem.ToString())];
        return configuration.Options;
    }
}
