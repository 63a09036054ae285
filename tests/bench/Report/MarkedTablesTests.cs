using Tunnel.Bench.Run.Report;
using Tunnel.Tests;

namespace Tunnel.Bench.Tests.Report;

public sealed class MarkedTablesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task MarkWithoutTable_TableIsPutBehindIt()
    {
        var text = await ReplaceAsync("before\n\n<!-- bench:speed -->\n\nafter\n", ["path", "rate"], ["ours", "9"]);

        Assert.Equal("before\n\n<!-- bench:speed -->\n| path | rate |\n| --- | ---: |\n| ours | 9 |\n\nafter\n", text);
    }

    [Fact]
    public async Task RowOfAnotherRun_StaysWhereItIs()
    {
        var document = "<!-- bench:speed -->\n| path | rate |\n| --- | ---: |\n| ours | 1 |\n| theirs | 2 |\n";

        var text = await ReplaceAsync(document, ["path", "rate"], ["ours", "9"]);

        Assert.Equal("<!-- bench:speed -->\n| path | rate |\n| --- | ---: |\n| ours | 9 |\n| theirs | 2 |\n", text);
    }

    [Fact]
    public async Task TableWithOtherColumns_IsReplacedWhole()
    {
        var document = "<!-- bench:speed -->\n| path | p50 |\n| --- | ---: |\n| theirs | 2 |\nafter\n";

        var text = await ReplaceAsync(document, ["path", "rate"], ["ours", "9"]);

        Assert.Equal("<!-- bench:speed -->\n| path | rate |\n| --- | ---: |\n| ours | 9 |\nafter\n", text);
    }

    [Fact]
    public async Task MarkOfAnotherTable_IsLeftAlone()
    {
        const string document = "<!-- bench:memory -->\n| path | MB |\n";

        Assert.Equal(document, await ReplaceAsync(document, ["path", "rate"], ["ours", "9"]));
    }

    [Fact]
    public async Task NoMark_TableIsNamed()
    {
        var file = new FileInfo(_folder.PathOf("document.md"));
        await File.WriteAllTextAsync(file.FullName, "nothing\n", TestContext.Current.CancellationToken);
        var table = new Table(
            "speed",
            "Speed",
            ["path"],
            [
                ["ours"],
            ]
        );

        Assert.Equal(["speed"], await MarkedTables.ReplaceAsync(file, [table], TestContext.Current.CancellationToken));
    }

    private async Task<string> ReplaceAsync(string document, string[] header, params string[][] rows)
    {
        var file = new FileInfo(_folder.PathOf("document.md"));
        await File.WriteAllTextAsync(file.FullName, document, TestContext.Current.CancellationToken);
        await MarkedTables.ReplaceAsync(file, [new Table("speed", "Speed", header, rows)], TestContext.Current.CancellationToken);
        return await File.ReadAllTextAsync(file.FullName, TestContext.Current.CancellationToken);
    }
}
