using System.Text;
using Tunnel.Bench.Echo;

// bench-echo: an MCP server over standard input and output that does next to nothing, so that a bridge in front of it is what limits.
var input = Console.OpenStandardInput();
await using var output = Console.OpenStandardOutput();
using var answers = new MemoryStream();
var lines = new InputLines(input);

while (lines.Read())
{
    answers.SetLength(0);
    // All that has come is answered with one write, as a server with an output buffer does it.
    while (lines.TryTake(out var line))
    {
        if (Answers.To(line) is { } answer)
        {
            answers.Write(Encoding.UTF8.GetBytes(answer));
        }
    }

    output.Write(answers.GetBuffer().AsSpan(0, (int)answers.Length));
    output.Flush();
}
