using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Access;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Access;

public sealed class ApiKeysTests
{
    private const string Key = "0123456789abcdef";

    private readonly ApiKeys _keys = new([Key, "another-key-of-16"]);

    [Theory]
    [InlineData("X-API-Key", Key)]
    [InlineData("x-api-key", "another-key-of-16")]
    [InlineData("Authorization", "Bearer " + Key)]
    [InlineData("Authorization", "bearer  " + Key)]
    public void KeyThatFits_IsAdmittedAndNotHandedOn(string header, string value)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[header] = value;

        Assert.True(_keys.Admit(request));
        Assert.False(request.Headers.ContainsKey(header));
    }

    [Theory]
    [InlineData("X-API-Key", "wrong")]
    [InlineData("X-API-Key", "")]
    [InlineData("X-API-Key", Key + "," + Key)]
    [InlineData("Authorization", Key)]
    [InlineData("Authorization", "Basic " + Key)]
    [InlineData("X-Other", Key)]
    public void AnythingElse_IsRefusedAndLeftAsItIs(string header, string value)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[header] = value;

        Assert.False(_keys.Admit(request));
        Assert.Equal(value, request.Headers[header]);
    }

    [Fact]
    public void ServersOwnAuthorization_IsHandedOnBesideAKey()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[ApiKeys.Header] = Key;
        request.Headers.Authorization = "Bearer of-the-server";

        Assert.True(_keys.Admit(request));
        Assert.Equal("Bearer of-the-server", request.Headers.Authorization);
    }

    [Fact]
    public void KeyShownTwice_IsNotHandedOnEither()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[ApiKeys.Header] = Key;
        request.Headers.Authorization = "Bearer another-key-of-16";

        Assert.True(_keys.Admit(request));
        Assert.Empty(request.Headers);
    }

    [Fact]
    public void Text_HasNoKey()
    {
        Assert.Equal("2 keys", _keys.ToString());
    }
}
