using System.Reflection;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Errors;
using Xunit;

namespace Tunnel.Relay.Tests;

public sealed class LogEventTests
{
    private const BindingFlags Everything =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [Fact]
    public void Ids_TellEventsApart()
    {
        var events = new[] { typeof(RelayApplication).Assembly, typeof(ErrorCatalog).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(Everything))
            .Select(method => (method, method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(one => one.EventId is not null)
            .ToLookup(one => one.EventId, one => $"{one.method.DeclaringType?.DeclaringType?.Name}.{one.method.Name}");

        Assert.InRange(events.Count, 50, int.MaxValue);
        Assert.DoesNotContain(events, those => those.Count() > 1);
    }
}
