using System.Text;

namespace Tunnel.EndToEnd.Tests.Telemetry;

/// <summary>
/// A protobuf message without its schema (protobuf.dev/programming-guides/encoding): fields by number, to be read as what the reader
/// knows them to be. Enough to see what arrives at a collector.
/// </summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Number, byte[] Bytes, ulong Number64)> _fields = [];

    private ProtobufMessage(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var tag = ReadVarint(ref bytes);
            var (number, wire) = ((int)(tag >> 3), tag & 7);
            switch (wire)
            {
                case 0:
                    _fields.Add((number, [], ReadVarint(ref bytes)));
                    break;
                case 1:
                    _fields.Add((number, bytes[..8].ToArray(), BitConverter.ToUInt64(bytes)));
                    bytes = bytes[8..];
                    break;
                case 2:
                    var length = (int)ReadVarint(ref bytes);
                    _fields.Add((number, bytes[..length].ToArray(), 0));
                    bytes = bytes[length..];
                    break;
                case 5:
                    _fields.Add((number, bytes[..4].ToArray(), BitConverter.ToUInt32(bytes)));
                    bytes = bytes[4..];
                    break;
                default:
                    throw new InvalidDataException($"wire type {wire}");
            }
        }
    }

    public static ProtobufMessage Parse(ReadOnlySpan<byte> bytes) => new(bytes);

    public IEnumerable<ProtobufMessage> Messages(int number) => Fields(number).Select(field => new ProtobufMessage(field.Bytes));

    public byte[] Bytes(int number) => Fields(number).Select(field => field.Bytes).LastOrDefault() ?? [];

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number));

    public ulong Number(int number) => Fields(number).LastOrDefault().Number64;

    public bool Has(int number) => Fields(number).Any();

    private IEnumerable<(int Number, byte[] Bytes, ulong Number64)> Fields(int number) => _fields.Where(field => field.Number == number);

    private static ulong ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
