using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.Relay.Cluster;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Cluster;

public sealed class NodeDirectoryTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly NodeDirectory _nodes;
    private int _changes;

    public NodeDirectoryTests()
    {
        _nodes = new NodeDirectory(_time, NullLogger<NodeDirectory>.Instance) { Changed = () => _changes++ };
    }

    [Fact]
    public void LeastLoadedNode_IsNamedFirst()
    {
        _nodes.Meet([Node(1, load: 9), Node(2, load: 3), Node(3, load: 6)]);

        Assert.Equal([Url(2), Url(3), Url(1)], _nodes.Name(), StringComparer.Ordinal);
    }

    [Fact]
    public void ConnectorsOneAfterTheOther_AreSpread()
    {
        _nodes.Meet([Node(1, load: 2), Node(2, load: 0)]);

        var firsts = Enumerable.Range(0, 6).Select(_ => _nodes.Name()[0]).CountBy(first => first, StringComparer.Ordinal);

        Assert.Equal([(Url(1), 2), (Url(2), 4)], firsts.Select(first => (first.Key, first.Value)).Order());
    }

    [Fact]
    public void NodeWithoutAnUrl_IsAskedButNotNamed()
    {
        _nodes.Meet([Node(1), Node(2) with { Url = null }]);

        Assert.Equal([Url(1)], _nodes.Name(), StringComparer.Ordinal);
        Assert.Equal(2, _nodes.Addresses.Count());
    }

    [Fact]
    public void NoMoreThanAFew_AreNamed()
    {
        _nodes.Meet(Enumerable.Range(0, 20).Select(number => Node(number)));

        Assert.Equal(NodeDirectory.MaxNamed, _nodes.Name().Count);
    }

    [Fact]
    public void NodeThatIsGone_IsNamedNoLongerButAskedForAWhile()
    {
        _nodes.Meet([Node(1)]);
        _nodes.Meet([]);
        var named = _nodes.Name();
        var asked = _nodes.Addresses.ToList();
        _time.Advance(TimeSpan.FromMinutes(2));
        _nodes.Meet([]);

        Assert.Empty(named);
        Assert.Equal(["http://10.0.0.1:5101"], asked, StringComparer.Ordinal);
        Assert.Empty(_nodes.Addresses);
    }

    [Fact]
    public void OtherNodesThanBefore_AreNews()
    {
        _nodes.Meet([Node(1)]);
        _nodes.Meet([Node(1, load: 7)]);
        var afterSame = _changes;
        _nodes.Meet([Node(2)]);

        Assert.Equal((1, 2), (afterSame, _changes));
    }

    private static NodeState Node(int number, int load = 0) => new($"http://10.0.0.{number}:5101", Url(number), load);

    private static string Url(int number) => $"https://node-{number}.example.com";
}
