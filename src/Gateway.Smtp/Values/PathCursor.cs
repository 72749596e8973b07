using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gateway.Smtp;

/// <summary>
/// Reads the grammar of RFC 5321 §4.1.2 and §4.1.3, one method per production, with UTF-8 where RFC 6531 §3.3 adds it.
/// A method that fails leaves the reason in <see cref="Error"/>.
/// </summary>
internal ref struct PathCursor(ReadOnlySpan<char> text)
{
    private const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // RFC 5321 §4.5.3.1.1 to §4.5.3.1.3: octets.
    private const int MaxLocalPart = 64;
    private const int MaxDomain = 255;
    private const int MaxPath = 256;

    private static readonly SearchValues<char> Atext = SearchValues.Create(LettersAndDigits + "!#$%&'*+-/=?^_`{|}~");

    // No domain of the grammar has an underscore, but senders with one exist, and it cannot mislead anybody.
    private static readonly SearchValues<char> LetDigHyphen = SearchValues.Create(LettersAndDigits + "-_");

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;

    /// <summary>
    /// A mailbox may stand without its angle brackets. RFC 5321 has none such, but people at a telnet type it, servers have always
    /// understood it, and it has one meaning only. Source routes and the postmaster without a domain need brackets.
    /// </summary>
    public bool MayBeBare { get; init; }

    /// <summary>What was expected where the text has something else.</summary>
    public string? Error { get; private set; }

    public readonly bool IsAtEnd => _at == _text.Length;

    public readonly ReadOnlySpan<char> Rest => _text[_at..];

    public readonly bool BeginsAddress => Next == '<' || (MayBeBare && Rest.Contains('@'));

    private readonly char Next => _at < _text.Length ? _text[_at] : '\0';

    public bool Take(char expected)
    {
        if (Next != expected)
            return false;
        _at++;
        return true;
    }

    public void SkipSpaces()
    {
        while (Take(' '))
        {
        }
    }

    /// <summary><c>FROM:</c> or <c>TO:</c>. Spaces behind the colon are no part of the grammar, but common.</summary>
    public bool Keyword(string keyword)
    {
        if (!Rest.StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
            return false;
        _at += keyword.Length;
        SkipSpaces();
        return true;
    }

    /// <summary><c>Reverse-path = Path / "&lt;&gt;"</c>.</summary>
    public bool ReversePath(out ReversePath path)
    {
        path = default;
        if (Rest.StartsWith("<>"))
        {
            _at += 2;
            return true;
        }
        if (!Path(isForward: false, out var mailbox))
            return false;
        path = new ReversePath(mailbox);
        return true;
    }

    /// <summary><c>Forward-path = Path</c>, and the bare <c>&lt;Postmaster&gt;</c> of §4.1.1.3.</summary>
    public bool ForwardPath(out ForwardPath path)
    {
        path = default;
        if (!Path(isForward: true, out var mailbox))
            return false;
        path = new ForwardPath(mailbox!);
        return true;
    }

    /// <summary><c>Mailbox = Local-part "@" ( Domain / address-literal )</c>.</summary>
    public bool Mailbox(bool isForward, out Mailbox? mailbox)
    {
        mailbox = null;
        if (!LocalPart(out var localPart))
            return false;
        if (!Take('@'))
        {
            // §4.5.1: postmaster without a domain, in any case. Only for recipients: nobody sends as it.
            if (!isForward || Next != '>' || !localPart.Equals("postmaster", StringComparison.OrdinalIgnoreCase))
                return Fail("expected local-part@domain");
            mailbox = new Mailbox(localPart.ToString(), "");
            return true;
        }
        if (!(Next == '[' ? AddressLiteral(out var domain) : Domain(out domain)))
            return false;
        mailbox = new Mailbox(localPart.ToString(), domain.ToString());
        return true;
    }

    /// <summary><c>Path = "&lt;" [ A-d-l ":" ] Mailbox "&gt;"</c>.</summary>
    private bool Path(bool isForward, out Mailbox? mailbox)
    {
        mailbox = null;
        var start = _at;
        var isBare = MayBeBare && Next != '<';
        if (!isBare && !Take('<'))
            return Fail("expected an address in angle brackets: <local-part@domain>");
        // Appendix C: source routes MUST be accepted and SHOULD be ignored.
        if (Next == '@' && !isBare && !SourceRoute())
            return false;
        if (!Mailbox(isForward, out mailbox))
            return false;
        if (!isBare && !Take('>'))
            return Fail("expected > after the address");
        // An address without brackets is passed on with them, and they count.
        var brackets = isBare ? 2 : 0;
        return Octets(_text[start.._at]) + brackets <= MaxPath || Fail("the path is longer than 256 octets");
    }

    /// <summary><c>A-d-l ":"</c>, where <c>A-d-l = At-domain *( "," At-domain )</c>.</summary>
    private bool SourceRoute()
    {
        do
        {
            if (!Take('@') || !Domain(out _))
                return Fail("expected @domain in the source route");
        }
        while (Take(','));
        return Take(':') || Fail("expected : after the source route");
    }

    /// <summary><c>Local-part = Dot-string / Quoted-string</c>, as written.</summary>
    private bool LocalPart(out ReadOnlySpan<char> localPart)
    {
        var start = _at;
        var isWellFormed = Next == '"' ? QuotedString() : DotString();
        localPart = _text[start.._at];
        if (!isWellFormed)
            return false;
        return Octets(localPart) <= MaxLocalPart || Fail("the local part is longer than 64 octets");
    }

    /// <summary><c>Dot-string = Atom *("." Atom)</c>.</summary>
    private bool DotString()
    {
        do
        {
            if (!Atom())
                return Fail("expected an atom in the local part");
        }
        while (Take('.'));
        return true;
    }

    private bool Atom()
    {
        var start = _at;
        while (_at < _text.Length && (Atext.Contains(_text[_at]) || IsTextBeyondAscii(_text[_at])))
            _at++;
        return _at > start;
    }

    /// <summary><c>Quoted-string = DQUOTE *QcontentSMTP DQUOTE</c>.</summary>
    private bool QuotedString()
    {
        _at++;
        while (_at < _text.Length)
        {
            var c = _text[_at++];
            if (c == '"')
                return true;
            if (c == '\\')
            {
                if (Next is < ' ' or > '~')
                    break;
                _at++;
            }
            else if (c is < ' ' or '\x7f' || (c > '~' && !IsTextBeyondAscii(c)))
            {
                break;
            }
        }
        return Fail("the quoted local part is not closed");
    }

    /// <summary>
    /// <c>Domain = sub-domain *("." sub-domain)</c>. A dot at the end is no part of the grammar, and is refused rather than
    /// dropped: one spelling only reaches relay control and the smart host.
    /// </summary>
    private bool Domain(out ReadOnlySpan<char> domain)
    {
        var start = _at;
        domain = default;
        do
        {
            if (!SubDomain())
                return Fail("expected a domain name of letters, digits and hyphens, without a dot at its end");
        }
        while (Take('.'));
        domain = _text[start.._at];
        return Octets(domain) <= MaxDomain || Fail("the domain is longer than 255 octets");
    }

    /// <summary><c>sub-domain = Let-dig [Ldh-str]</c>, or a U-label (RFC 6531 §3.3).</summary>
    private bool SubDomain()
    {
        var start = _at;
        while (_at < _text.Length && (LetDigHyphen.Contains(_text[_at]) || IsLabelBeyondAscii(_text[_at])))
            _at++;
        var label = _text[start.._at];
        return label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-';
    }

    /// <summary><c>address-literal = "[" ( IPv4 / IPv6 / General ) "]"</c> (§4.1.3), as written.</summary>
    private bool AddressLiteral(out ReadOnlySpan<char> literal)
    {
        var start = _at;
        literal = default;
        var length = Rest.IndexOf(']');
        if (length < 0)
            return Fail("expected ] after the address literal");
        var inner = Rest[1..length];
        _at += length + 1;
        if (!Smtp.AddressLiteral.IsValid(inner))
            return Fail("expected an address literal such as [192.0.2.1] or [IPv6:2001:db8::1]");
        literal = _text[start.._at];
        return literal.Length <= MaxDomain || Fail("the domain is longer than 255 octets");
    }

    private static bool IsTextBeyondAscii(char c) => c > '\x7f' && !char.IsControl(c);

    // A separator, or a dot of another script (which UTS 46 maps to a dot), would make two readings of one name.
    private static bool IsLabelBeyondAscii(char c) =>
        IsTextBeyondAscii(c) && !char.IsWhiteSpace(c) && c is not ('\u3002' or '\uff0e' or '\uff61')
        && char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.PrivateUse);

    private static int Octets(ReadOnlySpan<char> text) => Encoding.UTF8.GetByteCount(text);

    private bool Fail(string error)
    {
        Error ??= error;
        return false;
    }
}
