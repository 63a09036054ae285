namespace Tunnel.Bench.Run.Report;

/// <summary>What a number has to be.</summary>
/// <param name="Measured">Null where it was not measured.</param>
/// <param name="IsFloor">Whether it has to be at least <paramref name="Limit"/>, or at most.</param>
internal sealed record Target(string What, double Limit, double? Measured, bool IsFloor)
{
    public static Target AtLeast(string what, double limit, double? measured) => new(what, limit, measured, IsFloor: true);

    public static Target AtMost(string what, double limit, double? measured) => new(what, limit, measured, IsFloor: false);

    /// <summary>What, how much, how much it is, and by how much that is too little or too much.</summary>
    public IReadOnlyList<string> ToRow() =>
        [What, $"{(IsFloor ? "≥" : "≤")} {Cells.Format(Limit, "0.##")}", Cells.Format(Measured, "0.00"), Verdict()];

    private string Verdict()
    {
        if (Measured is not { } measured)
        {
            return Table.Nothing;
        }

        var isMet = IsFloor ? measured >= Limit : measured <= Limit;
        return isMet ? "met" : $"missed by {Cells.Format(Math.Abs(measured - Limit) / Limit * 100, "0")} %";
    }
}
