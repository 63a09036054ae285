namespace Tunnel.ProxyCore.History.Sql;

/// <summary>The texts of a row. Two with the same texts are the same.</summary>
public sealed class Words(params string?[] texts) : IEquatable<Words>
{
    private readonly string[] _texts = Array.ConvertAll(texts, static text => SqlText.Storable(text) ?? string.Empty);

    public IReadOnlyList<string> Texts => _texts;

    public bool Equals(Words? other) => other is not null && _texts.AsSpan().SequenceEqual(other._texts);

    public override bool Equals(object? obj) => Equals(obj as Words);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var text in _texts)
        {
            hash.Add(text, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
