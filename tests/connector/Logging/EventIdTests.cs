using System.Reflection;
using Microsoft.Extensions.Logging;
using Tunnel.Connector.Logging;
using Tunnel.ProxyCore.Errors;
using Xunit;

namespace Tunnel.Connector.Tests.Logging;

public sealed class EventIdTests
{
    private const BindingFlags Methods = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [Fact]
    public void EveryLineOfTheLog_HasAnIdOfItsOwn()
    {
        var ids = new[] { typeof(TerminalLog).Assembly, typeof(ErrorCatalog).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(Methods))
            .Select(method => (method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId, Name: $"{method.DeclaringType}.{method.Name}"))
            .Where(line => line.EventId is not null)
            .ToArray();

        Assert.NotEmpty(ids);
        Assert.Empty(ids.GroupBy(line => line.EventId).Where(same => same.Count() > 1).SelectMany(same => same).Select(line => line.Name));
    }
}
