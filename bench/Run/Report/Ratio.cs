namespace Tunnel.Bench.Run.Report;

/// <summary>One path against another in the same rounds: the middle of the ratios, the least and the greatest.</summary>
internal sealed record Ratio(double Median, double Least, double Greatest);
