using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tunnel.Relay.Tls;

/// <summary>Signed messages as ACME wants them: JSON Web Signature (RFC 7515) in its flattened form, with ES256 or HS256.</summary>
internal static class JsonWebSignature
{
    /// <summary>The public half of a P-256 key as a JSON Web Key (RFC 7517).</summary>
    public static JsonObject PublicKeyOf(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["crv"] = "P-256",
            ["kty"] = "EC",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    /// <param name="header">What is protected besides the algorithm.</param>
    /// <param name="payload">What is signed.</param>
    /// <param name="key">Whose it is.</param>
    public static JsonObject Sign(JsonObject header, JsonObject payload, ECDsa key)
    {
        header["alg"] = "ES256";
        return Seal(header, payload, input => key.SignData(input, HashAlgorithmName.SHA256));
    }

    /// <inheritdoc cref="Sign(JsonObject, JsonObject, ECDsa)"/>
    public static JsonObject Sign(JsonObject header, JsonObject payload, byte[] key)
    {
        header["alg"] = "HS256";
        return Seal(header, payload, input => HMACSHA256.HashData(key, input));
    }

    private static JsonObject Seal(JsonObject header, JsonObject payload, Func<byte[], byte[]> sign)
    {
        var protectedText = Encode(header);
        var payloadText = Encode(payload);
        return new JsonObject
        {
            ["protected"] = protectedText,
            ["payload"] = payloadText,
            ["signature"] = Base64Url.EncodeToString(sign(System.Text.Encoding.ASCII.GetBytes($"{protectedText}.{payloadText}"))),
        };
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
