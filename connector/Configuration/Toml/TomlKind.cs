namespace Tunnel.Connector.Configuration.Toml;

/// <summary>The types of TOML 1.0.</summary>
internal enum TomlKind
{
    String,
    Integer,
    Float,
    Boolean,
    OffsetDateTime,
    LocalDateTime,
    LocalDate,
    LocalTime,
    Array,
    Table,
}
