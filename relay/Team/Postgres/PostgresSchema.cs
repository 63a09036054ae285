namespace Tunnel.Relay.Team.Postgres;

/// <summary>A schema of the database: a name of our own, which needs no quotes inside.</summary>
internal readonly record struct PostgresSchema
{
    /// <summary>What longer names would be cut to.</summary>
    private const int MaxLength = 63;

    /// <exception cref="ArgumentException">It is no name of ours.</exception>
    public PostgresSchema(string name)
    {
        if (
            name.Length is 0 or > MaxLength
            || name.Any(character => !char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character is not ('_' or '-'))
        )
        {
            throw new ArgumentException($"'{name}' is no name of a schema", nameof(name));
        }

        Name = name;
    }

    public string Name { get; }

    public string Quoted => $"\"{Name}\"";
}
