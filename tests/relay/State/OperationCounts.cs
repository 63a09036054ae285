using System.Collections.Concurrent;
using Xunit;

namespace Tunnel.Relay.Tests.State;

/// <summary>What a test with many callers at once did in fact: one that happened to do little proves little.</summary>
internal sealed class OperationCounts
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public int this[string operation] => _counts.GetValueOrDefault(operation);

    public void Add(string operation, int count = 1) => _counts.AddOrUpdate(operation, count, (_, before) => before + count);

    /// <summary>Into the output of the test: <c>claims 512, takeovers 204</c>.</summary>
    public void Tell() =>
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join(", ", _counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key} {count.Value}"))
        );
}
