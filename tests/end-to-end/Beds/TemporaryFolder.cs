namespace Tunnel.EndToEnd.Tests.Beds;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mcpr-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
