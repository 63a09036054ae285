namespace Tunnel.EndToEnd.Tests.Resilience;

/// <summary>Tests that take all that the machine has run one at a time and beside no others, which may measure what the product promises.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
