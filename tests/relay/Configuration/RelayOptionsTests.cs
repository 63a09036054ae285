using Tunnel.Relay.Configuration;
using Xunit;

namespace Tunnel.Relay.Tests.Configuration;

public sealed class RelayOptionsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5100", null, true)]
    [InlineData("http://[::1]:5100", null, true)]
    [InlineData("http://localhost:5100; http://127.0.0.1:5101", null, true)]
    [InlineData("http://0.0.0.0:5100", null, false)]
    [InlineData("http://[::]:5100", null, false)]
    [InlineData("http://192.0.2.7:5100", null, false)]
    [InlineData("http://tunnel.example.com:5100", null, false)]
    [InlineData("http://127.0.0.1:5100;http://0.0.0.0:5101", null, false)]
    [InlineData("http://0.0.0.0:5100", true, true)]
    [InlineData("http://127.0.0.1:5100", false, false)]
    public void Anonymous_IsAllowedOnLoopbackAloneUnlessSaid(string listen, bool? said, bool expected)
    {
        var options = new RelayOptions { Listen = listen, AllowAnonymous = said };

        Assert.Equal(expected, options.AnonymousAllowed);
    }

    [Theory]
    [InlineData("https://tunnel.example.com", false)]
    [InlineData("http://localhost:8080", true)]
    public void Anonymous_IsNotAllowedWhenVisitorsComeThroughSomethingInFront(string publicUrl, bool expected)
    {
        var options = new RelayOptions { PublicUrl = new Uri(publicUrl) };

        Assert.Equal(expected, options.AnonymousAllowed);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5100", null, "http://otter.tunnel.example.com:5100")]
    [InlineData("http://127.0.0.1:80", null, "http://otter.tunnel.example.com")]
    [InlineData("http://127.0.0.1:5100;http://127.0.0.1:80", null, "http://otter.tunnel.example.com:5100")]
    [InlineData("http://127.0.0.1:5100", "https://tunnel.example.com", "https://otter.tunnel.example.com")]
    [InlineData("http://127.0.0.1:5100", "https://tunnel.example.com:443", "https://otter.tunnel.example.com")]
    [InlineData("http://127.0.0.1:5100", "https://tunnel.example.com:8443", "https://otter.tunnel.example.com:8443")]
    [InlineData("http://127.0.0.1:5100", "http://tunnel.example.com", "http://otter.tunnel.example.com")]
    public void Origin_HasThePortOnlyWhereItMustBeNamed(string listen, string? publicUrl, string expected)
    {
        var options = new RelayOptions
        {
            Domain = "tunnel.example.com",
            Listen = listen,
            PublicUrl = publicUrl is null ? null : new Uri(publicUrl),
        };

        Assert.Equal(expected, options.OriginOf("otter"));
        Assert.StartsWith(options.PublicScheme + "://", expected, StringComparison.Ordinal);
    }
}
