using System.Globalization;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Events.Shipping;
using Tunnel.ProxyCore.History;

namespace Tunnel.Relay.Team.Ingest;

/// <summary>Makes a batch for the history of lines that were sent. A batch is understood as a whole or not at all.</summary>
/// <param name="sender">What the mcpr that sent it is called.</param>
/// <param name="now">When it came.</param>
internal sealed class BatchReader(string sender, DateTimeOffset now)
{
    private readonly List<HistoryEntry> _entries = [];
    private readonly List<ToolListing> _listings = [];
    private readonly List<HistoryLoss> _losses = [];

    /// <exception cref="IngestRefusedException">With all lines that are no events.</exception>
    public HistoryBatch Read(ReadOnlySpan<byte> lines)
    {
        var number = 0;
        var (bad, firstProblem) = (new List<int>(), (string?)null);
        foreach (var range in lines.Split((byte)'\n'))
        {
            number++;
            var line = lines[range];
            if (line.IsEmpty || line is [(byte)'\r'])
            {
                continue;
            }

            if (number > IngestProtocol.MaxLines)
            {
                throw new IngestRefusedException(IngestProblem.TooLarge);
            }

            if (EventLineReader.TryRead(line, out var read, out var problem))
            {
                Add(read);
            }
            else
            {
                bad.Add(number);
                firstProblem ??= problem;
            }
        }

        if (firstProblem is not null)
        {
            throw new IngestRefusedException(IngestProblem.Malformed(bad, firstProblem));
        }

        return new HistoryBatch
        {
            Entries = _entries,
            Listings = _listings,
            Losses = _losses,
        };
    }

    private void Add(EventLine line)
    {
        if (line.Event is { } one)
        {
            var server = ServerNames.Of(sender, one.Server);
            _entries.Add(new HistoryEntry(line.Id, one with { Server = server, Ts = NotAhead(one.Ts) }));
        }
        else if (line.Tools is { } tools)
        {
            _listings.Add(tools with { Server = ServerNames.Of(sender, tools.Server), At = Earlier(tools.At) });
        }
        else if (line.Dropped is { } dropped)
        {
            _losses.Add(new HistoryLoss(line.Id, Earlier(TimeOf(dropped.Ts)), dropped.Count));
        }
    }

    // A machine whose clock is ahead must not fill the time to come, where nothing is ever too old.
    private string NotAhead(string ts) => TimeOf(ts) > now ? McpEvent.Timestamp(now) : ts;

    private DateTimeOffset Earlier(DateTimeOffset at) => at < now ? at : now;

    private static DateTimeOffset TimeOf(string ts) =>
        DateTimeOffset.Parse(ts, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
