using System.Text;

namespace Tunnel.Connector.Terminal;

/// <summary>Rows in columns, each as wide as its widest cell; numbers stand at the right. Colours do not count.</summary>
internal sealed class TextTable(Ink ink, params string[] titles)
{
    /// <summary>Between two columns.</summary>
    private const string Gap = "  ";

    private readonly List<Cell[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params Cell[] cells) => _rows.Add(cells);

    public void WriteTo(TextWriter output)
    {
        var widths = titles.Select((title, column) => _rows.Select(row => row[column].Text.Length).Append(title.Length).Max()).ToArray();
        var first = _rows.FirstOrDefault();
        output.WriteLine(Line([.. titles.Select((title, column) => new Cell(title, ink.Dim, first?[column].IsNumber ?? false))], widths));
        foreach (var row in _rows)
        {
            output.WriteLine(Line(row, widths));
        }
    }

    private static string Line(Cell[] cells, int[] widths)
    {
        var line = new StringBuilder();
        for (var column = 0; column < cells.Length; column++)
        {
            var cell = cells[column];
            var space = new string(' ', widths[column] - cell.Text.Length);
            var isLast = column == cells.Length - 1;
            line.Append(column == 0 ? "" : Gap);
            line.Append(cell.IsNumber ? space : "").Append(cell.Painted).Append(cell.IsNumber || isLast ? "" : space);
        }

        return line.ToString();
    }

    /// <param name="Text">What it says.</param>
    /// <param name="Paint">Its colour.</param>
    /// <param name="IsNumber">Whether it stands at the right.</param>
    internal readonly record struct Cell(string Text, Func<string, string>? Paint = null, bool IsNumber = false)
    {
        public string Painted => Paint is null ? Text : Paint(Text);

        public static implicit operator Cell(string text) => new(text);

        public static Cell Number(string text, Func<string, string>? paint = null) => new(text, paint, IsNumber: true);
    }
}
