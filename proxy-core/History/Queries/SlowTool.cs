namespace Tunnel.ProxyCore.History.Queries;

/// <summary>A tool some of whose calls could be slow.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Usual">What its calls usually take; <see cref="HistoryReports.LeastSlow"/> says from when on one is slow.</param>
public sealed record SlowTool(ToolKey Tool, TimeSpan Usual);
