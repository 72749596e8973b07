using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Gateway.Smtp;

/// <summary>
/// An authentication under way (RFC 4954 §4): takes the client's responses, one line each, until there are credentials or
/// something is wrong. PLAIN is RFC 4616; LOGIN asks for name and password one after the other (draft-murchison-sasl-login).
/// </summary>
internal sealed class SaslExchange
{
    /// <summary>RFC 4954 §4: octets of AUTH, and of each line of the exchange, with CRLF.</summary>
    public const int MaxLine = 12_288;

    // RFC 4616 §2: at least 255 octets are to be taken. A password may be a sentence; nobody's is a page.
    private const int MaxName = 255;
    private const int MaxPassword = 1024;

    private static readonly Reply PlainChallenge = new(334, null, "");
    private static readonly Reply UserName = new(334, null, "VXNlcm5hbWU6");
    private static readonly Reply Password = new(334, null, "UGFzc3dvcmQ6");

    // RFC 4954 §4: "*" MUST be answered with 501; §6 for the others.
    private static readonly Reply Cancelled = new(501, 7, 0, "authentication cancelled");
    private static readonly Reply NotBase64 = new(501, 5, 2, "the response is not base64");
    private static readonly Reply Malformed = new(501, 5, 2, "the response is not what the mechanism expects");

    // RFC 4616 §2: who may act as somebody else is for the server to say; here nobody may.
    private static readonly Reply NotForOthers = new(535, 7, 8, "authentication credentials invalid: a user may not act as another user");

    private readonly string _mechanism;
    private string? _user;

    private SaslExchange(string mechanism) => _mechanism = mechanism;

    /// <summary>Null for a mechanism that is not offered. RFC 4422 §3.1: names are in upper case; clients are not that exact.</summary>
    public static SaslExchange? Begin(string mechanism) =>
        mechanism.Equals("PLAIN", StringComparison.OrdinalIgnoreCase) ? new("PLAIN")
        : mechanism.Equals("LOGIN", StringComparison.OrdinalIgnoreCase) ? new("LOGIN")
        : null;

    /// <summary>What to ask for next.</summary>
    public Reply Challenge => _mechanism == "PLAIN" ? PlainChallenge : _user is null ? UserName : Password;

    /// <summary>RFC 4954 §4: "=" in the command is a response without octets; in the exchange an empty line is.</summary>
    public Reply? TakeInitial(byte[] response, out PresentedCredentials? credentials) =>
        Take(response is [(byte)'='] ? [] : response, out credentials);

    /// <summary>Credentials; or the next challenge; or what is wrong, and the exchange is over. The response is wiped.</summary>
    public Reply? Take(byte[] response, out PresentedCredentials? credentials)
    {
        credentials = null;
        if (response is [(byte)'*'])
            return Cancelled;
        var octets = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(response.Length));
        try
        {
            // The framework's decoder passes over white space, which no response has.
            if (response.AsSpan().ContainsAnyInRange((byte)0, (byte)' ')
                || Base64.DecodeFromUtf8(response, octets, out _, out var written) != OperationStatus.Done)
            {
                return NotBase64;
            }
            var message = octets.AsSpan(0, written);
            return _mechanism == "PLAIN" ? TakePlain(message, out credentials) : TakeLogin(message, out credentials);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
            CryptographicOperations.ZeroMemory(response);
            ArrayPool<byte>.Shared.Return(octets);
        }
    }

    /// <summary><c>message = [authzid] UTF8NUL authcid UTF8NUL passwd</c>.</summary>
    private Reply? TakePlain(ReadOnlySpan<byte> message, out PresentedCredentials? credentials)
    {
        credentials = null;
        var first = message.IndexOf((byte)0);
        var second = first < 0 ? -1 : message[(first + 1)..].IndexOf((byte)0);
        if (second < 0)
            return Malformed;
        var authzid = message[..first];
        var name = message.Slice(first + 1, second);
        var password = message[(first + second + 2)..];
        if (!IsText(name, MaxName) || !IsText(password, MaxPassword))
            return Malformed;
        if (!authzid.IsEmpty && !authzid.SequenceEqual(name))
            return NotForOthers;
        credentials = new(_mechanism, Encoding.UTF8.GetString(name), password.ToArray());
        return null;
    }

    private Reply? TakeLogin(ReadOnlySpan<byte> message, out PresentedCredentials? credentials)
    {
        credentials = null;
        if (!IsText(message, _user is null ? MaxName : MaxPassword))
            return Malformed;
        if (_user is { } user)
        {
            credentials = new(_mechanism, user, message.ToArray());
            return null;
        }
        _user = Encoding.UTF8.GetString(message);
        return Password;
    }

    // No name and no password has control characters (RFC 4013 §2.3 prohibits them); C1 controls are C2 80 to C2 9F.
    private static bool IsText(ReadOnlySpan<byte> octets, int most)
    {
        if (octets.IsEmpty || octets.Length > most || octets.ContainsAnyInRange((byte)0, (byte)31) || octets.Contains((byte)127) || !Utf8.IsValid(octets))
            return false;
        for (int at; (at = octets.IndexOf((byte)0xC2)) >= 0; octets = octets[(at + 1)..])
            if (octets[at + 1] is >= 0x80 and <= 0x9F)
                return false;
        return true;
    }
}
