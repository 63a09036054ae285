using System.Text;
using Tunnel.ProxyCore.Captures;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>Bodies as people read them: decoded, and without secrets.</summary>
internal static class BodyText
{
    /// <summary>A coded body can be much longer than what was kept of it.</summary>
    private const int MaxText = 256 << 10;

    private const string Form = "x-www-form-urlencoded";

    private static readonly string[] s_textTypes = ["text/", "json", "xml", "javascript", Form, "graphql"];

    /// <returns>Null where there was no body.</returns>
    public static BodyRow? Of(CapturedBody body)
    {
        if (body.Bytes == 0)
        {
            return null;
        }

        var type = body.ContentType ?? string.Empty;
        var isText = s_textTypes.Any(one => type.Contains(one, StringComparison.OrdinalIgnoreCase));
        if (!isText || Decode(body, out var isCut) is not { } text)
        {
            return new BodyRow(Text: null, body.Bytes, body.IsCut, IsRedacted: false);
        }

        var shown = type.Contains(Form, StringComparison.OrdinalIgnoreCase)
            ? Secrets.WithoutSecrets(text)
            : Secrets.WithoutSecretTexts(text);
        return new BodyRow(shown, body.Bytes, isCut, IsRedacted: shown != text);
    }

    /// <returns>Null where the coding is not known.</returns>
    private static string? Decode(CapturedBody body, out bool isCut)
    {
        isCut = body.IsCut;
        using var coded = new MemoryStream(body.Kept.ToArray(), writable: false);
        using var decoded = ContentDecoding.Decode(coded, body.ContentEncoding ?? string.Empty);
        if (decoded is null)
        {
            return null;
        }

        var bytes = new byte[MaxText];
        var length = 0;
        try
        {
            length = decoded.ReadAtLeast(bytes, MaxText, throwOnEndOfStream: false);
            isCut |= length == MaxText;
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            // It was cut in the middle of something.
            isCut = true;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
