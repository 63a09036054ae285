using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Tunnel.Relay.Domains.Dns;

/// <summary>
/// Looks TXT records up. It asks resolvers over TCP alone, which all have to offer (RFC 7766 section 5): an answer is then never cut short,
/// and nobody who cannot see the question can forge one.
/// </summary>
internal sealed class TxtResolver(DomainOptions options) : IDisposable
{
    private const int DnsPort = 53;

    /// <summary>Look-ups that run at once; others wait for their turn.</summary>
    private const int MaxLookUps = 16;

    /// <summary>What one resolver may take; it may have to ask several others.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turns = new(MaxLookUps);

    /// <returns>The text of each record of that name.</returns>
    /// <exception cref="DnsUnavailableException">No resolver has an answer.</exception>
    public async Task<IReadOnlyList<string>> FindAsync(string name, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            var why = new DnsUnavailableException("no resolver is known");
            foreach (var resolver in Resolvers())
            {
                try
                {
                    return await AskAsync(resolver, name, cancellationToken);
                }
                catch (DnsUnavailableException unavailable)
                {
                    why = unavailable;
                }
            }

            throw why;
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    /// <summary>Those of the system may change while the relay runs.</summary>
    private IReadOnlyList<IPEndPoint> Resolvers()
    {
        if (options.Resolvers.Count > 0)
        {
            return options.Resolvers;
        }

        try
        {
            return
            [
                .. NetworkInterface
                    .GetAllNetworkInterfaces()
                    .SelectMany(network => network.GetIPProperties().DnsAddresses)
                    .Distinct()
                    .Select(address => new IPEndPoint(address, DnsPort)),
            ];
        }
        catch (Exception unknown) when (unknown is NetworkInformationException or PlatformNotSupportedException)
        {
            // A sandbox that hides interfaces, such as one without AF_NETLINK.
            throw new DnsUnavailableException($"the system names no resolvers ({unknown.Message}); --dns-resolvers can");
        }
    }

    private static async Task<IReadOnlyList<string>> AskAsync(IPEndPoint resolver, string name, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            var question = TxtMessage.Ask((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1), name);
            return TxtMessage.ReadAnswer(await ExchangeAsync(resolver, question, limit.Token), question);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DnsUnavailableException($"{resolver} does not answer");
        }
        catch (Exception unreachable) when (unreachable is SocketException or IOException)
        {
            throw new DnsUnavailableException($"{resolver}: {unreachable.Message}");
        }
    }

    /// <summary>Over TCP the length goes before each message, in two bytes (RFC 1035 section 4.2.2).</summary>
    private static async Task<byte[]> ExchangeAsync(IPEndPoint resolver, byte[] question, CancellationToken cancellationToken)
    {
        using var client = new TcpClient(resolver.AddressFamily) { NoDelay = true };
        await client.ConnectAsync(resolver, cancellationToken);
        var stream = client.GetStream();
        var framed = new byte[2 + question.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)question.Length);
        question.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellationToken);

        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellationToken);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return answer;
    }
}
