using BenchmarkDotNet.Running;

namespace Tunnel.Bench.Micro;

/// <summary>Something to read, with a name for the table.</summary>
public sealed record Document(string Name, ReadOnlyMemory<byte> Bytes)
{
    public override string ToString() => Name;

    internal static string TitleOf(BenchmarkCase benchmark) =>
        $"{benchmark.Descriptor.WorkloadMethodDisplayInfo.Trim('\'')}, {Of(benchmark).Name}";

    internal static int LengthOf(BenchmarkCase benchmark) => Of(benchmark).Bytes.Length;

    private static Document Of(BenchmarkCase benchmark) => (Document)benchmark.Parameters.Items.Single().Value;
}
