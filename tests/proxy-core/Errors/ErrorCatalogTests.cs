using Tunnel.ProxyCore.Errors;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Errors;

public sealed class ErrorCatalogTests
{
    [Fact]
    public void Codes_AreUniqueAndInOrder()
    {
        var numbers = ErrorCatalog.All.Select(error => error.Number).ToArray();

        Assert.NotEmpty(numbers);
        Assert.Equal(numbers.Distinct().Order(), numbers);
        Assert.All(ErrorCatalog.All, error => Assert.Matches("^E[1-7][0-9]{3}$", error.Code));
    }

    [Fact]
    public void ErrorAboutATunnelOrServer_HasNoStatusThatMcpClientsReadOtherwise()
    {
        var aboutTunnels = ErrorCatalog.All.Where(error => error.Number is >= 2000 and < 6000 && error != ErrorCatalog.WrongHost);

        Assert.All(aboutTunnels, error => Assert.True(error.Status is 502 or 503 or 504, $"{error.Code} has {error.Status}"));
        Assert.Equal(421, ErrorCatalog.WrongHost.Status);
    }

    [Fact]
    public void Texts_AreThereAndPlain()
    {
        Assert.All(
            ErrorCatalog.All,
            error =>
            {
                Assert.Matches("^[A-Z].*[^.]$", error.Title);
                Assert.Matches("^.+[^.]$", error.Hint);
            }
        );
    }

    [Fact]
    public void RetryAfter_IsOnlyWhereWaitingHelps()
    {
        var retryable = ErrorCatalog.All.Where(error => error.RetryAfterSeconds is not null);

        Assert.All(retryable, error => Assert.True(error.Status is 429 or 502 or 503 && error.RetryAfterSeconds > 0, error.Code));
    }

    [Fact]
    public async Task Documentation_ListsTheCatalogAndNothingElse()
    {
        var document = await File.ReadAllLinesAsync(
            Path.Combine(AppContext.BaseDirectory, "errors.md"),
            TestContext.Current.CancellationToken
        );

        var documented = document.Where(line => line.StartsWith("| E", StringComparison.Ordinal)).Select(Cells);

        var expected = ErrorCatalog.All.Select(error => $"{error.Code}|{error.Status}|{error.Title}|{InMarkdown(error.Hint)}");
        Assert.Equal(expected, documented, StringComparer.Ordinal);
    }

    private static string InMarkdown(string text) => text.Replace("<", "\\<", StringComparison.Ordinal);

    /// <summary>The cells of <c>| E3101 | 503 | Tunnel is offline | start it again: … |</c>.</summary>
    private static string Cells(string row) => string.Join('|', row.Trim().Trim('|').Split('|').Select(cell => cell.Trim()));
}
