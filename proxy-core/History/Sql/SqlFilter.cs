using System.Globalization;
using System.Text;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>The condition of a statement, with its parameters.</summary>
internal sealed class SqlFilter
{
    private readonly StringBuilder _sql = new();
    private readonly List<(string, object?)> _parameters = [];

    /// <summary>Everything after WHERE.</summary>
    public string Sql => _sql.Length == 0 ? "TRUE" : _sql.ToString();

    public (string, object?)[] Parameters => [.. _parameters];

    /// <param name="condition">With <c>?</c> for each value.</param>
    /// <param name="values">The values.</param>
    public SqlFilter And(string condition, params ReadOnlySpan<object?> values)
    {
        _sql.Append(_sql.Length == 0 ? "" : " AND ");
        var next = 0;
        foreach (var character in condition)
        {
            if (character == '?')
            {
                _sql.Append(Parameter(values[next++]));
            }
            else
            {
                _sql.Append(character);
            }
        }

        return this;
    }

    /// <summary>One of the values, where there are any.</summary>
    public SqlFilter AndIn<T>(string column, IReadOnlyCollection<T> values)
    {
        if (values.Count > 0)
        {
            _sql.Append(_sql.Length == 0 ? "" : " AND ")
                .Append(CultureInfo.InvariantCulture, $"{column} IN ({string.Join(", ", values.Select(value => Parameter(value)))})");
        }

        return this;
    }

    /// <summary>The range.</summary>
    public SqlFilter AndTime(string column, HistoryFilter filter) =>
        And($"{column} >= ? AND {column} < ?", filter.From.ToUnixTimeMilliseconds(), filter.To.ToUnixTimeMilliseconds());

    /// <summary>Who called what where, as columns of the table of series.</summary>
    public SqlFilter AndSeries(HistoryFilter filter) =>
        AndIn("server", filter.Servers).AndIn("tool", filter.Tools).AndIn("client", filter.Clients);

    public SqlFilter AndStatus(HistoryFilter filter) => AndIn("status", [.. filter.Statuses.Select(Outcomes.CodeOf).OfType<long>()]);

    /// <summary>One of these numbers. They are written out: there may be more of them than a statement takes parameters.</summary>
    public static string OneOf(string column, IReadOnlyCollection<long> ids) =>
        ids.Count == 0 ? "FALSE" : string.Create(CultureInfo.InvariantCulture, $"{column} IN ({string.Join(", ", ids)})");

    /// <returns>The name of a new parameter.</returns>
    public string Parameter(object? value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"@p{_parameters.Count}");
        _parameters.Add((name, value));
        return name;
    }
}
