using System.Text.Json;
using Tunnel.ProxyCore.Configuration.Toml;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Configuration.Toml;

/// <summary>The public toml-test cases for TOML 1.0, see the licence beside them.</summary>
public sealed class TomlTestCases
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Configuration", "toml-test");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Valid() => Cases("valid/");

    public static TheoryData<string> Invalid() => Cases("invalid/");

    [Theory]
    [MemberData(nameof(Valid))]
    public async Task ValidDocument_HasTheExpectedValues(string path)
    {
        using var expected = JsonDocument.Parse(await File.ReadAllTextAsync(PathOf(Path.ChangeExtension(path, ".json")), Token));

        var document = TomlReader.Read(await File.ReadAllBytesAsync(PathOf(path), Token));

        AssertSame(expected.RootElement, document, path);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task InvalidDocument_IsRefusedWithALine(string path)
    {
        var content = await File.ReadAllBytesAsync(PathOf(path), Token);

        var refusal = Assert.Throws<TomlException>(() => TomlReader.Read(content));

        Assert.InRange(refusal.Line, 1, content.Count(character => character == '\n') + 1);
        Assert.NotEmpty(refusal.Message);
    }

    private static TheoryData<string> Cases(string prefix) =>
        [
            .. File.ReadLines(PathOf("files-toml-1.0.0"))
                .Where(path => path.StartsWith(prefix, StringComparison.Ordinal) && path.EndsWith(".toml", StringComparison.Ordinal)),
        ];

    private static string PathOf(string path) => Path.Combine(s_folder, path);

    private static void AssertSame(JsonElement expected, TomlValue actual, string path)
    {
        if (expected.ValueKind == JsonValueKind.Array)
        {
            Assert.Equal(TomlKind.Array, actual.Kind);
            Assert.Equal(expected.GetArrayLength(), actual.Items.Count);
            Assert.All(expected.EnumerateArray().Zip(actual.Items), pair => AssertSame(pair.First, pair.Second, path));
        }
        else if (TypeOf(expected) is { } type)
        {
            AssertScalar(type, expected.GetProperty("value").GetString()!, actual);
        }
        else
        {
            Assert.Equal(TomlKind.Table, actual.Kind);
            Assert.Equal(
                expected.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal),
                actual.Members.Keys.Order(StringComparer.Ordinal)
            );
            Assert.All(
                expected.EnumerateObject(),
                member => AssertSame(member.Value, actual.Members[member.Name], $"{path} {member.Name}")
            );
        }
    }

    /// <summary>A scalar is tagged: <c>{"type": "integer", "value": "42"}</c>. A table could have a key of that name.</summary>
    private static string? TypeOf(JsonElement expected) =>
        expected.TryGetProperty("type", out var type)
        && type.ValueKind == JsonValueKind.String
        && expected.TryGetProperty("value", out var value)
        && value.ValueKind == JsonValueKind.String
            ? type.GetString()
            : null;

    private static void AssertScalar(string type, string expected, TomlValue actual)
    {
        switch (type)
        {
            case "float":
                Assert.Equal(TomlKind.Float, actual.Kind);
                Assert.Equal(Number(expected), Number(actual.Text));
                break;
            case "datetime":
                Assert.Equal(TomlKind.OffsetDateTime, actual.Kind);
                Assert.Equal(Instant(expected), Instant(actual.Text));
                break;
            default:
                Assert.Equal(type, NameOf(actual.Kind));
                Assert.Equal(WithoutTrailingZeros(type, expected), WithoutTrailingZeros(type, actual.Text));
                break;
        }
    }

    private static double Number(string text) =>
        text.TrimStart('+') switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            "nan" or "-nan" => double.NaN,
            var number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture),
        };

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A fraction of a second may be written with more zeros than it needs.</summary>
    private static string WithoutTrailingZeros(string type, string text) =>
        type is "datetime-local" or "time-local" && text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;

    private static string NameOf(TomlKind kind) =>
        kind switch
        {
            TomlKind.String => "string",
            TomlKind.Integer => "integer",
            TomlKind.Boolean => "bool",
            TomlKind.LocalDateTime => "datetime-local",
            TomlKind.LocalDate => "date-local",
            TomlKind.LocalTime => "time-local",
            _ => kind.ToString(),
        };
}
