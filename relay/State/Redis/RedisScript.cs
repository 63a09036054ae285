namespace Tunnel.Relay.State.Redis;

/// <summary>A Lua script that runs inside Redis as one step. Its first argument says which of its operations.</summary>
internal sealed class RedisScript
{
    private const string Preamble = "store.lua";

    /// <param name="file">A file of this assembly; what all scripts have in common comes before it.</param>
    public RedisScript(string file)
    {
        Text = Read(Preamble) + Read(file);
    }

    public string Text { get; }

    private static string Read(string file)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
