namespace Tunnel.ProxyCore.Dashboard.Api;

internal sealed record ProblemAnswer(Problem Error);

internal sealed record Problem(int Status, string Message);
