using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Tests.History;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Events;

public sealed class EventPublisherTests
{
    [Fact]
    public void EverySink_GetsTheSameId_AndEveryEventOneOfItsOwn()
    {
        var (one, other) = (new Ids(), new Ids());
        var publisher = new EventPublisher([one, other], new ManualTimeProvider(), NullLogger<EventPublisher>.Instance);

        publisher.Publish(Entries.Call);
        publisher.Publish(Entries.Call);

        Assert.Equal(one.Seen, other.Seen);
        Assert.Equal(2, one.Seen.Distinct().Count());
        Assert.All(one.Seen, id => Assert.Equal(7, id.Version));
    }

    private sealed class Ids : IEventSink
    {
        public List<Guid> Seen { get; } = [];

        public void Write(Guid id, McpEvent mcpEvent) => Seen.Add(id);
    }
}
