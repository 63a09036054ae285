using System.Text;
using Tunnel.ProxyCore.JsonRpc;
using Xunit;

namespace Tunnel.ProxyCore.Tests.JsonRpc;

public sealed class ResponseScannerTests
{
    private const string EventStream = "text/event-stream";
    private const string Error = """{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params"}}""";
    private const string Result = """{"jsonrpc":"2.0","id":1,"result":{"error":{"code":5}}}""";

    /// <summary>Streams with LF at line ends, and the code of the error in them.</summary>
    public static TheoryData<string, int?> Streams =>
        new()
        {
            { $"data: {Error}\n\n", -32602 },
            { $"data:{Error}\n\n", -32602 },
            { $": hello\nevent: message\nid: 7\nretry: 5\ndata: {Error}\n\n", -32602 },
            { $"data: {Error}\nid: 7\n\n", -32602 },
            { $"data: {Result}\n\ndata: {Error}\n\n", -32602 },
            { $"data: {Error}\n\ndata: {Result}\n\n", -32602 },
            { $"\n\n\ndata: {Error}\n\n\n\n", -32602 },
            { $"data: {Error}\n\ndata: {Error.Replace("-32602", "7", StringComparison.Ordinal)}\n\n", 7 },
            { "data: {\"jsonrpc\":\"2.0\",\ndata: \"id\":1,\ndata:\ndata:\"error\":\ndata: {\"code\":3}}\n\n", 3 },
            { "data: {\"jsonrpc\":\"2.0\",\n: between\ndata: \"error\":{\"code\":3}}\n\n", 3 },
            { $"data: {Result}\n\n", null },
            { $"datax: {Error}\n\n", null },
            { $"dat: {Error}\n\n", null },
            { $" data: {Error}\n\n", null },
            { $"DATA: {Error}\n\n", null },
            { $": data: {Error}\n\n", null },
            { $"event: {Error}\n\n", null },
            { $"data: {Result}\ndata: {Error}\n\n", null },
            { "data: [DONE]\n\ndata\n\n", null },
            { "", null },
        };

    [Theory]
    [MemberData(nameof(Streams))]
    public void EventStreamOfAnyLineEnd_TellsItsLastError(string stream, int? code)
    {
        foreach (var lineEnd in (string[])["\n", "\r\n", "\r"])
        {
            Assert.Equal(code, Scan(EventStream, Bytes(stream, lineEnd)).ErrorCode);
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void EventStreamSplitAnywhere_TellsTheSame(string stream, int? code)
    {
        foreach (var lineEnd in (string[])["\n", "\r\n", "\r"])
        {
            var bytes = Bytes(stream, lineEnd);
            for (var split = 0; split <= bytes.Length; split++)
            {
                var error = Scan(EventStream, bytes[..split], bytes[split..]);
                Assert.True(code == error.ErrorCode, $"{error.ErrorCode} at {split} with {lineEnd.Length} bytes of line end");
            }

            Assert.Equal(code, Scan(EventStream, [.. bytes.Select(one => (byte[])[one])]).ErrorCode);
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void EventStreamInRandomPieces_TellsTheSame(string stream, int? code)
    {
        var random = new Random(4711);
        for (var round = 0; round < 300; round++)
        {
            var rest = Bytes(stream, ((string[])["\n", "\r\n", "\r"])[round % 3]);
            List<byte[]> pieces = [];
            while (rest.Length > 0)
            {
                var length = random.Next(0, Math.Min(rest.Length, 9) + 1);
                pieces.Add(rest[..length]);
                rest = rest[length..];
            }

            Assert.Equal(code, Scan(EventStream, [.. pieces]).ErrorCode);
        }
    }

    [Fact]
    public void Error_HasItsMessage()
    {
        var error = Scan(EventStream, Bytes($"data: {Error}\n\n", "\n"));

        Assert.Equal("Invalid params", error.ErrorMessage);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=utf-8")]
    public void JsonBodySplitAnywhere_TellsItsError(string contentType)
    {
        var bytes = Encoding.UTF8.GetBytes(Error);

        for (var split = 0; split <= bytes.Length; split++)
        {
            Assert.Equal(-32602, Scan(contentType, bytes[..split], bytes[split..]).ErrorCode);
        }
    }

    [Theory]
    [InlineData(Result)]
    [InlineData("data: " + Error + "\n\n")]
    [InlineData("not json")]
    [InlineData("")]
    public void JsonBodyWithoutError_TellsNone(string body)
    {
        Assert.Null(Scan("application/json", Encoding.UTF8.GetBytes(body)).ErrorCode);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("text/plain", null)]
    [InlineData("application/problem+json", null)]
    [InlineData("application/json", "gzip")]
    [InlineData("text/event-stream", "br")]
    public void BodyThatCannotBeRead_HasNoScanner(string? contentType, string? contentEncoding)
    {
        Assert.Null(ResponseScanner.For(contentType, contentEncoding));
    }

    [Theory]
    [InlineData(EventStream)]
    [InlineData("application/json")]
    public void MessageOfTenMegabytes_IsNotKept(string contentType)
    {
        var scanner = ResponseScanner.For(contentType, contentEncoding: null)!;
        var piece = new byte[64 * 1024];
        piece.AsSpan().Fill((byte)'x');
        var prefix = contentType == EventStream ? "data: " : string.Empty;
        scanner.Feed(Encoding.UTF8.GetBytes(prefix + """{"jsonrpc":"2.0","id":1,"result":{"text":" """));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var count = 0; count < 160; count++)
        {
            scanner.Feed(piece);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, 64 * 1024);
    }

    [Fact]
    public void ErrorAfterTenMegabyteEvent_IsFound()
    {
        var scanner = ResponseScanner.For(EventStream, contentEncoding: null)!;
        var piece = new byte[64 * 1024];
        piece.AsSpan().Fill((byte)'x');
        scanner.Feed("""data: {"jsonrpc":"2.0","id":1,"result":{"text":" """u8);
        for (var count = 0; count < 160; count++)
        {
            scanner.Feed(piece);
        }

        scanner.Feed(Encoding.UTF8.GetBytes($"\"}}}}\n\ndata: {Error}\n\n"));

        Assert.Equal(-32602, scanner.Outcome.ErrorCode);
    }

    [Fact]
    public void ErrorWithLargeData_IsFoundByItsHead()
    {
        var body = $$$"""{"jsonrpc":"2.0","id":1,"error":{"code":-7,"message":"m","data":"{{{new string('x', 100_000)}}}"}}""";

        Assert.Equal(-7, Scan("application/json", Encoding.UTF8.GetBytes(body)).ErrorCode);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"isError\":true"}],"isError":true}}""", true)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"isError" : true , "content":[]}}""", true)]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":{"isError":true}}]""", true)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"isError":false}}""", false)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"structuredContent":{"isError":true}}}""", false)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":[{"isError":true}]}""", false)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"params":{"isError":true},"result":{"text":"{\"isError\":true}"}}""", false)]
    public void ToolErrorSplitAnywhere_IsTold(string body, bool expected)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        for (var split = 0; split <= bytes.Length; split++)
        {
            Assert.Equal(expected, Scan("application/json", bytes[..split], bytes[split..]).IsToolError);
        }
    }

    [Fact]
    public void ToolErrorAfterTenMegabytes_IsTold()
    {
        var scanner = ResponseScanner.For("application/json", contentEncoding: null)!;
        scanner.Feed("""{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":" """u8);
        var piece = new byte[64 * 1024];
        piece.AsSpan().Fill((byte)'x');
        for (var count = 0; count < 160; count++)
        {
            scanner.Feed(piece);
        }

        scanner.Feed("\"}],\"isError\":true}}"u8);

        Assert.True(scanner.Outcome.IsToolError);
    }

    /// <summary>Answers of a batch, in one array and one by one.</summary>
    public static TheoryData<string, string> BatchAnswers =>
        new()
        {
            {
                "application/json",
                """[{"jsonrpc":"2.0","result":{"isError":true},"id":"a\"1"},{"id":2,"error":{"code":-7,"message":"m"}}, {"id" : 3 ,"result":{"id":"x"}}]"""
            },
            {
                EventStream,
                """
                    data: {"jsonrpc":"2.0","method":"notifications/progress"}

                    data: {"jsonrpc":"2.0","result":{"isError":true},"id":"a\"1"}

                    data: [{"id":2,"error":{"code":-7,"message":"m"}},{"result":{},"id":3}]


                    """
            },
        };

    [Theory]
    [MemberData(nameof(BatchAnswers))]
    public void AnswersOfABatchSplitAnywhere_AreToldApart(string contentType, string body)
    {
        var bytes = Bytes(body, "\n");

        for (var split = 0; split <= bytes.Length; split++)
        {
            var scanner = ResponseScanner.For(contentType, contentEncoding: null)!;
            scanner.TellApart();
            scanner.Feed(bytes.AsSpan(0, split));
            scanner.Feed(bytes.AsSpan(split));
            var outcomes = scanner.OutcomesById!;

            Assert.Equal(3, outcomes.Count);
            Assert.Equal(new JsonRpcOutcome(null, null, IsToolError: true), outcomes["\"a\\\"1\""]);
            Assert.Equal(new JsonRpcOutcome(-7, "m", IsToolError: false), outcomes["2"]);
            Assert.Equal(new JsonRpcOutcome(null, null, IsToolError: false), outcomes["3"]);
        }
    }

    private static byte[] Bytes(string stream, string lineEnd) =>
        Encoding.UTF8.GetBytes(stream.Replace("\n", lineEnd, StringComparison.Ordinal));

    private static JsonRpcOutcome Scan(string contentType, params byte[][] pieces)
    {
        var scanner = ResponseScanner.For(contentType, contentEncoding: null)!;
        foreach (var piece in pieces)
        {
            scanner.Feed(piece);
        }

        return scanner.Outcome;
    }
}
