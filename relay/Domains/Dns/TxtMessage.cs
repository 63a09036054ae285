using System.Buffers.Binary;
using System.Text;

namespace Tunnel.Relay.Domains.Dns;

/// <summary>A question for TXT records and its answer, as DNS writes them (RFC 1035 section 4).</summary>
internal static class TxtMessage
{
    private const int HeaderLength = 12;
    private const ushort Txt = 16;
    private const ushort Internet = 1;
    private const ushort IsAnswer = 0x8000;
    private const ushort WantsRecursion = 0x0100;
    private const int CodeMask = 0x000F;
    private const int NoSuchName = 3;

    /// <summary>Two bits that say that the rest of a name stands elsewhere in the message.</summary>
    private const byte PointerMask = 0xC0;

    /// <param name="id">Comes back in the answer.</param>
    /// <param name="name">Labels of ASCII, each with at most 63 characters.</param>
    public static byte[] Ask(ushort id, string name)
    {
        var message = new byte[HeaderLength + name.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), WantsRecursion);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), 1);
        var at = HeaderLength;
        foreach (var label in name.Split('.'))
        {
            message[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, message.AsSpan(at));
        }

        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at + 1), Txt);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at + 3), Internet);
        return message;
    }

    /// <returns>The text of each TXT record; none where the name does not exist.</returns>
    /// <exception cref="DnsUnavailableException">The answer is no answer to this question, or says that there is none now.</exception>
    public static IReadOnlyList<string> ReadAnswer(ReadOnlySpan<byte> message, ReadOnlySpan<byte> question)
    {
        try
        {
            return Read(message, question);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new DnsUnavailableException("the answer ends too soon");
        }
    }

    private static List<string> Read(ReadOnlySpan<byte> message, ReadOnlySpan<byte> question)
    {
        var flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        var isOurs =
            message[..2].SequenceEqual(question[..2])
            && (flags & IsAnswer) != 0
            && message[HeaderLength..question.Length].SequenceEqual(question[HeaderLength..]);
        if (!isOurs)
        {
            throw new DnsUnavailableException("the answer is to another question");
        }

        var code = flags & CodeMask;
        if (code == NoSuchName)
        {
            return [];
        }

        if (code != 0)
        {
            // 2 is a server that failed, 5 one that refused (RFC 1035 section 4.1.1).
            throw new DnsUnavailableException($"the resolver answers with code {code}");
        }

        List<string> texts = [];
        int answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        var rest = message[question.Length..];
        for (; answers > 0; answers--)
        {
            // Whose record it is follows from the question: an alias on the way may have given it another name.
            rest = rest[NameLength(rest)..];
            var type = BinaryPrimitives.ReadUInt16BigEndian(rest);
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[8..]);
            if (type == Txt)
            {
                texts.Add(TextOf(rest.Slice(10, length)));
            }

            rest = rest[(10 + length)..];
        }

        return texts;
    }

    /// <summary>A text comes in pieces of at most 255 bytes that belong together (RFC 7208 section 3.3).</summary>
    private static string TextOf(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder(data.Length);
        while (data.Length > 0)
        {
            text.Append(Encoding.Latin1.GetString(data.Slice(1, data[0])));
            data = data[(1 + data[0])..];
        }

        return text.ToString();
    }

    private static int NameLength(ReadOnlySpan<byte> name)
    {
        var length = 0;
        while (name.Slice(length, 1)[0] is var label && label != 0)
        {
            if ((label & PointerMask) == PointerMask)
            {
                return length + 2;
            }

            length += 1 + label;
        }

        return length + 1;
    }
}
