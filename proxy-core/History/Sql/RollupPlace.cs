using System.Runtime.InteropServices;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>Where sums belong.</summary>
/// <param name="Width">Seconds of the step.</param>
/// <param name="At">When it begins, in milliseconds since 1970.</param>
/// <param name="Series">The row of the series.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RollupPlace(int Width, long At, long Series);
