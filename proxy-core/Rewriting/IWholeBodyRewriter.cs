namespace Tunnel.ProxyCore.Rewriting;

/// <summary>Changes a body that it has to see whole. Where the length is known beforehand, nobody needs to notice that it was held.</summary>
internal interface IWholeBodyRewriter : IBodyRewriter
{
    /// <summary>Bytes of the longest body that is looked into.</summary>
    int Limit { get; }

    /// <returns>The changed body, or null when it stays as it is.</returns>
    ReadOnlyMemory<byte>? Rewrite(ReadOnlyMemory<byte> body);
}
