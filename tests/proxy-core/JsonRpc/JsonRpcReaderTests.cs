using System.Text;
using Tunnel.ProxyCore.Clients;
using Tunnel.ProxyCore.JsonRpc;
using Xunit;

namespace Tunnel.ProxyCore.Tests.JsonRpc;

public sealed class JsonRpcReaderTests
{
    private const string Call =
        """{"jsonrpc":"2.0","id":"a\u00e9\"1","method":"tools/call","params":{"arguments":{"id":9,"method":"no"},"name":"search"}}""";

    private const string Failure = """{"jsonrpc":"2.0","id":-12,"error":{"data":{"code":1},"code":-32602,"message":"Invalid params"}}""";

    private const string Batch =
        """ [ {"jsonrpc":"2.0","id":170000000000000000000,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"x"}]""";

    [Fact]
    public void Request_TellsIdMethodAndName()
    {
        var summary = Read("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"search","arguments":{}}}""");

        Assert.Equal(
            new JsonRpcSummary
            {
                Id = "7",
                Method = "tools/call",
                Name = "search",
            },
            summary
        );
    }

    [Fact]
    public void Notification_HasNoId()
    {
        var summary = Read("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");

        Assert.Equal(new JsonRpcSummary { Method = "notifications/initialized" }, summary);
    }

    [Fact]
    public void Result_HasOnlyItsId()
    {
        var summary = Read("""{"jsonrpc":"2.0","id":7,"result":{"id":8,"method":"no","error":{"code":1}}}""");

        Assert.Equal(new JsonRpcSummary { Id = "7" }, summary);
    }

    [Fact]
    public void ErrorResponse_TellsCodeAndMessage()
    {
        var summary = Read(Failure);

        Assert.Equal(
            new JsonRpcSummary
            {
                Id = "-12",
                ErrorCode = -32602,
                ErrorMessage = "Invalid params",
            },
            summary
        );
    }

    [Theory]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"a":[1,{}]},"clientInfo":{"name":"c","title":{},"version":"9"}}}"""
    )]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"progressToken":1,"io.modelcontextprotocol/clientInfo":{"version":"9","name":"c"},"io.modelcontextprotocol/protocolVersion":"2025-11-25"}}}"""
    )]
    public void Client_IsReadInBothErasOfTheProtocol(string json)
    {
        var summary = JsonRpcReader.Read(System.Text.Encoding.UTF8.GetBytes(json), isWhole: true)!;

        Assert.Equal(("c", "9", "2025-11-25"), (summary.ClientName, summary.ClientVersion, summary.ProtocolVersion));
    }

    [Theory]
    [InlineData("""{"message":"m"}""", "m")]
    [InlineData("""{"code":"one","message":null}""", null)]
    [InlineData("""{"code":99999999999}""", null)]
    [InlineData("""{"code":1.5}""", null)]
    public void ErrorWithoutUsableCode_IsStillAnError(string error, string? message)
    {
        var summary = Read($$"""{"jsonrpc":"2.0","id":1,"error":{{error}}}""");

        Assert.Equal((0, message), (summary?.ErrorCode, summary?.ErrorMessage));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("false")]
    [InlineData("\"text\"")]
    [InlineData("[{\"code\":1}]")]
    public void ErrorThatIsNoObject_IsNoError(string error)
    {
        var summary = Read($$"""{"jsonrpc":"2.0","error":{{error}},"id":1}""");

        Assert.Equal(new JsonRpcSummary { Id = "1" }, summary);
    }

    [Fact]
    public void Batch_TellsItsMessages()
    {
        var summary = Read(Batch)!;

        Assert.True(summary.IsBatch);
        Assert.Equal(("170000000000000000000", "ping"), (summary.Id, summary.Method));
        Assert.Equal([new JsonRpcSummary { Id = "2", Method = "x" }], summary.Others);
    }

    [Fact]
    public void LongBatch_IsToldUpToTheLimit()
    {
        var messages = Enumerable.Range(0, 5000).Select(id => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""");

        var summary = Read($"[{string.Join(',', messages)}]")!;

        Assert.Equal(JsonRpcReader.MaxBatch - 1, summary.Others.Count);
        Assert.Equal("99", summary.Others[^1].Id);
    }

    [Fact]
    public void Meta_TellsTheTraceAndHashesThePerson()
    {
        var summary = Read(
            """
            {"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"ui://map","_meta":{"progressToken":{"a":[1]},
            "traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01","tracestate":"rojo=1",
            "openai/userLocation":{"city":"Berlin"},"openai/subject":"v1/someone","openai/session":"v1/conversation"}}}
            """
        )!;

        Assert.Equal(("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "rojo=1"), (summary.TraceParent, summary.TraceState));
        Assert.Equal(("ui://map", "v1/conversation"), (summary.ResourceUri, summary.HostSession));
        Assert.Equal(PersonKey.Of("v1/someone"), summary.User);
        Assert.DoesNotContain("someone", summary.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Berlin", summary.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("12345678901234567890123456789")]
    [InlineData("\"\"")]
    [InlineData("\"plain\"")]
    [InlineData("\"é\"")]
    [InlineData("\"a\\u00e9\\n\\\"\\/\\\\\"")]
    [InlineData("\"\\ud800\"")]
    public void Id_IsKeptAsItWasWritten(string id)
    {
        var summary = Read($$"""{"jsonrpc":"2.0","id":{{id}},"method":"m"}""");

        Assert.Equal(id, summary?.Id);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("{\"id\":1}")]
    [InlineData("[1]")]
    public void IdOfAnotherType_IsNone(string id)
    {
        var summary = Read($$"""{"jsonrpc":"2.0","id":{{id}},"method":"m"}""");

        Assert.Equal(new JsonRpcSummary { Method = "m" }, summary);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[\"name\",\"x\"]")]
    [InlineData("\"name\"")]
    [InlineData("{\"meta\":{\"name\":\"deep\"}}")]
    [InlineData("{\"name\":{\"name\":\"deep\"}}")]
    public void ParamsWithoutNameText_LeaveTheRestReadable(string parameters)
    {
        var summary = Read($$"""{"jsonrpc":"2.0","params":{{parameters}},"id":1,"method":"m"}""");

        Assert.Equal(new JsonRpcSummary { Id = "1", Method = "m" }, summary);
    }

    [Fact]
    public void MethodAfterLargeParams_IsFound()
    {
        var summary = Read(
            $$"""{"params":{"text":"{{new string('x', 50_000)}}","list":[{},[],{"a":[1]}],"name":"n"},"method":"m","id":1}"""
        );

        Assert.Equal(
            new JsonRpcSummary
            {
                Id = "1",
                Method = "m",
                Name = "n",
            },
            summary
        );
    }

    [Fact]
    public void DuplicateKeys_LastOneCounts()
    {
        var summary = Read("""{"jsonrpc":"2.0","id":1,"method":"a","id":2,"method":"b"}""");

        Assert.Equal(new JsonRpcSummary { Id = "2", Method = "b" }, summary);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("hello")]
    [InlineData("\"text\"")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"id":1}""")]
    [InlineData("""{"jsonrpc":"1.0","id":1}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,}""")]
    [InlineData("""{"jsonrpc":"2.0" "id":1}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1""")]
    [InlineData("<html>")]
    public void AnythingElse_IsNotJsonRpc(string text)
    {
        Assert.Null(Read(text));
    }

    [Theory]
    [InlineData(Call)]
    [InlineData(Failure)]
    [InlineData(Batch)]
    [InlineData("""{"method":"m","id":1.5,"jsonrpc":"2.0","params":{"name":"n\u00e9"}}""")]
    public void HeadCutAnywhere_TellsNothingThatTheWholeDoesNot(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var whole = JsonRpcReader.Read(bytes, isWhole: true)!;

        for (var length = 0; length < bytes.Length; length++)
        {
            var head = JsonRpcReader.Read(bytes.AsSpan(0, length), isWhole: false);

            Assert.True(head?.Id is null || head.Id == whole.Id, $"id {head?.Id} at {length}");
            Assert.True(head?.Method is null || head.Method == whole.Method, $"method {head?.Method} at {length}");
            Assert.True(head?.Name is null || head.Name == whole.Name, $"name {head?.Name} at {length}");
            Assert.True(head?.ErrorCode is null or 0 || head.ErrorCode == whole.ErrorCode, $"code {head?.ErrorCode} at {length}");
            Assert.True(head?.ErrorMessage is null || head.ErrorMessage == whole.ErrorMessage, $"message at {length}");
            Assert.True(whole.ErrorCode is not null || head?.ErrorCode is null, $"error at {length}");
        }
    }

    [Theory]
    [InlineData(Call)]
    [InlineData(Failure)]
    public void WholeThatIsCutAnywhere_IsNotJsonRpc(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Null(JsonRpcReader.Read(bytes.AsSpan(0, length), isWhole: true));
        }
    }

    [Fact]
    public void HeadThatEndsInParams_TellsWhatCameBefore()
    {
        var head = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"search","arguments":{"text":"lorem ip"""u8;

        var summary = JsonRpcReader.Read(head, isWhole: false);

        Assert.Equal(
            new JsonRpcSummary
            {
                Id = "7",
                Method = "tools/call",
                Name = "search",
            },
            summary
        );
    }

    [Theory]
    [InlineData("[", "")]
    [InlineData("{\"a\":", "")]
    [InlineData("[", """{"jsonrpc":"2.0","id":1,"method":"m","params":""")]
    [InlineData("{\"a\":", """{"jsonrpc":"2.0","id":1,"method":"m","params":""")]
    public void DepthBomb_IsNotJsonRpc(string opening, string before)
    {
        var bomb = before + string.Concat(Enumerable.Repeat(opening, 100_000));

        Assert.Null(Read(bomb));
        Assert.Null(JsonRpcReader.Read(Encoding.UTF8.GetBytes(bomb), isWhole: false));
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\u00ff\"")]
    [InlineData("\"\u00c3\"")]
    public void MethodThatIsNoText_LeavesTheRestReadable(string method)
    {
        var json = Encoding.Latin1.GetBytes($$$"""{"jsonrpc":"2.0","id":1,"method":{{{method}}},"params":{"name":"n"}}""");

        Assert.Equal(new JsonRpcSummary { Id = "1", Name = "n" }, JsonRpcReader.Read(json, isWhole: true));
    }

    [Theory]
    [InlineData("\"\\ud800\":1")]
    [InlineData("\"\\udc00\":1")]
    [InlineData("\"params\":{\"\\ud800\":1}")]
    [InlineData("\"error\":{\"\\ud800\":1}")]
    [InlineData("\"jsonrpc\":\"\\ud800\"")]
    [InlineData("\"\u00ff\":1")]
    public void PropertyThatIsNoText_DoesNotThrow(string property)
    {
        var json = Encoding.Latin1.GetBytes($$"""{"jsonrpc":"2.0","id":1,{{property}},"method":"m"}""");

        var failure = Record.Exception(() => JsonRpcReader.Read(json, isWhole: true));

        Assert.Null(failure);
    }

    [Fact]
    public void RandomDamage_NeverThrows()
    {
        var random = new Random(4711);
        byte[][] seeds = [Encoding.UTF8.GetBytes(Call), Encoding.UTF8.GetBytes(Failure), Encoding.UTF8.GetBytes(Batch)];
        var pieces = "{}[]\",:\\u0e-1"u8.ToArray();

        for (var round = 0; round < 30_000; round++)
        {
            var json = (byte[])seeds[round % seeds.Length].Clone();
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                json[random.Next(json.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : pieces[random.Next(pieces.Length)];
            }

            var isWhole = random.Next(2) == 0;
            var failure = Record.Exception(() => JsonRpcReader.Read(json, isWhole));
            Assert.True(failure is null, $"{failure?.GetType().Name} on {Convert.ToHexString(json)}");
        }
    }

    private static JsonRpcSummary? Read(string json) => JsonRpcReader.Read(Encoding.UTF8.GetBytes(json), isWhole: true);
}
