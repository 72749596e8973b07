using System.Net;
using System.Text;
using Gateway.Dns;
using Gateway.Lab.Conversations;
using Gateway.Lab.SmartHosts;
using Gateway.Policy;

namespace Gateway.Lab.Tests.Conversations;

public sealed class ConversationReaderTests
{
    private const string Head = "# A title\n";
    private const string Tail = "\nS: 220 …\n";

    [Fact]
    public void The_first_comment_is_the_title_and_the_next_ones_explain_it()
    {
        var conversation = ConversationReader.Read("a.smtp", "# No PTR\n# It is refused.\n\n# Not this.\nS: 220 x\n");

        Assert.Equal("No PTR", conversation.Title);
        Assert.Equal(["It is refused."], conversation.Explanation);
    }

    [Fact]
    public void Directives_before_the_dialogue_set_the_scene()
    {
        var setting = ConversationReader.Read("a.smtp", Head + """
            @client 2001:db8::25
            @zone root source.com
            @profile aol-2006
            @config Limits:MessageSize = 65536
            @smarthost RCPT <x@y.example> 550 5.1.1 No such user
            @smarthost down
            @fault 76.61.54.209.in-addr.arpa nxdomain
            @fault mail.source.com A delay 2s
            """ + Tail).Setting;

        Assert.Equal(IPAddress.Parse("2001:db8::25"), setting.Client);
        Assert.Equal(["root", "source.com"], setting.Zones);
        Assert.Equal("aol-2006", setting.Profile);
        Assert.Equal([new("Limits:MessageSize", "65536")], setting.Overrides);
        var says = Assert.IsType<SmartHostAnswer.Says>(setting.SmartHost[0]);
        Assert.Equal((SmartHostPoint.Rcpt, "x@y.example", "550 5.1.1 No such user"), (says.Point, says.Recipient, says.Reply?.ToString()));
        Assert.IsType<SmartHostAnswer.Down>(setting.SmartHost[1]);
        Assert.Equal(["76.61.54.209.in-addr.arpa nxdomain", "mail.source.com A delay 2s"], setting.Faults.Select(change => change.ToString().Replace(". ", " ", StringComparison.Ordinal)));
        Assert.Equal(["@client", "@zone", "@profile", "@config", "@smarthost", "@fault"], setting.Directives);
    }

    [Theory]
    [InlineData("C: QUIT", "QUIT\r\n", "CRLF is added")]
    [InlineData("C:", "\r\n", "an empty line")]
    [InlineData("C: a ", "a \r\n", "what stands at the end is said")]
    [InlineData("C:  a", " a\r\n", "one space belongs to the mark")]
    [InlineData(@"C: a\n", "a\\n\r\n", "no escapes here: local parts may hold backslashes")]
    [InlineData(@"C> a\nb", "a\nb", "escapes, and no CRLF")]
    [InlineData(@"C> \{ab*3}\r\n", "ababab\r\n", "repetition")]
    [InlineData(@"C> \{\x41\t*2}", "A\tA\t", "escapes within a repetition")]
    [InlineData(@"C> \\", "\\", "the backslash itself")]
    public void What_the_client_says_is_octets(string line, string octets, string why)
    {
        var step = Assert.IsType<Step.Send>(ConversationReader.Read("a.smtp", Head + line + Tail).Steps[0]);

        Assert.True(octets == Encoding.Latin1.GetString(step.Octets.Span), why);
    }

    [Fact]
    public void Directives_in_the_dialogue_are_steps_with_their_line()
    {
        var steps = ConversationReader.Read("a.smtp", Head + """
            S: 220 …
            @advance 00:05:00
            @tls
            @verdict reject require-ptr
            @relayed 2
            @envelope <a@b.example> <c@d.example>
            @message Subject: …
            @smarthost up
            @fault mail.source.com none
            @journal client: 4.3.2.1
            @advice …PTR…
            @advice none
            @unadvised …MX…
            @close
            @closed
            @connect
            """).Steps;

        Assert.Equal(
            [
                new Step.Expect(2, new LinePattern("220 …")),
                new Step.Advance(3, TimeSpan.FromMinutes(5)),
                new Step.Secure(4),
                new Step.Verdict(5, Decision.Reject, "require-ptr"),
                new Step.Relayed(6, 2),
                new Step.RelayedEnvelope(7, "<a@b.example> <c@d.example>"),
                new Step.RelayedLine(8, new LinePattern("Subject: …")),
                new Step.SmartHost(9, new SmartHostAnswer.Up()),
                new Step.SetFault(10, new FaultChange(DomainName.Parse("mail.source.com"), null, null)),
                new Step.JournalLine(11, new LinePattern("client: 4.3.2.1")),
                new Step.AdviceLine(12, new LinePattern("…PTR…")),
                new Step.AdviceLine(13, null),
                new Step.UnadvisedLine(14, new LinePattern("…MX…")),
                new Step.Close(15),
                new Step.Closed(16),
                new Step.Connect(17),
            ],
            steps);
    }

    [Theory]
    [InlineData("S: 220", "a.smtp:1: ", "no title")]
    [InlineData("# t\nC: QUIT", "a.smtp:2: nothing is expected", "no S: line")]
    [InlineData("# t\nX: y\nS: 220", "a.smtp:2: \"X: y\" is neither", "unknown mark")]
    [InlineData("# t\n@nonsense\nS: 220", "a.smtp:2: \"@nonsense\" says nothing known", "unknown directive")]
    [InlineData("# t\nX\u001b[2J\nS: 220", "a.smtp:2: \"X\\u001b[2J\" is neither", "what is printed must not move the cursor")]
    [InlineData("# t\n@client nobody\nS: 220", "a.smtp:2: @client wants an address, such as 192.0.2.20", "no address")]
    [InlineData("# t\n@smarthost NOW 550\nS: 220", "a.smtp:2: @smarthost \"NOW\" is not allowed: use a point of the dialogue", "no answer")]
    [InlineData("# t\n@client mail.example\nS: 220", "a.smtp:2: ", "a name is no address")]
    [InlineData("# t\n@advance soon\nS: 220", "a.smtp:2: ", "no duration")]
    [InlineData("# t\n@verdict maybe\nS: 220", "a.smtp:2: ", "no verdict")]
    [InlineData("# t\n@smarthost RCPT 550 4.1.1 x\nS: 220", "a.smtp:2: ", "classes differ")]
    [InlineData("# t\n@record nonsense\nS: 220", "a.smtp:2: @record wants a line of a zone file, such as ", "no record")]
    [InlineData("# t\nS: 220\n@record a.test. A 192.0.2.1", "a.smtp:3: @record stands before the first C: or S: line", "too late")]
    [InlineData("# t\n@zone nonsense\nS: 220", "a.smtp:2: the lab has no zone nonsense; it has ", "no zone")]
    [InlineData("# t\n@fault a.example\nS: 220", "a.smtp:2: @fault the fault is missing after \"a.example\": use ", "a fault without what it does")]
    [InlineData("# t\n@fault a.example nonsense\nS: 220", "a.smtp:2: @fault \"nonsense\" is not a fault: use a type of record, servfail, refuse, ", "no fault")]
    [InlineData("# t\nS: 220\n@fault a.example delay\nS: 221", "a.smtp:3: @fault the time of the delay is missing: use one", "a fault later in the file")]
    [InlineData("# t\n@journal\nS: 220", "a.smtp:2: ", "a pattern is missing")]
    [InlineData("# t\n@advice\nS: 220", "a.smtp:2: ", "a pattern is missing, too")]
    [InlineData("# t\nS: 220\n@connect", "a.smtp:3: @connect comes after @close or @closed", "still connected")]
    [InlineData("# t\nS: 220\n@client 192.0.2.1", "a.smtp:3: @client stands before", "too late")]
    [InlineData("# t\nC> \\q\nS: 220", "a.smtp:2: \\q is not an escape", "unknown escape")]
    [InlineData("# t\nC> \\{a*99999999}\nS: 220", "a.smtp:2: a repetition must be", "too often")]
    public void What_cannot_be_understood_is_told_with_file_line_and_reason(string text, string problem, string why)
    {
        var thrown = Assert.Throws<ConversationFormatException>(() => ConversationReader.Read("a.smtp", text));

        Assert.True(thrown.Problems[0].StartsWith(problem, StringComparison.Ordinal), $"{why}: {thrown.Message}");
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var thrown = Assert.Throws<ConversationFormatException>(() => ConversationReader.Read("a.smtp", "# t\nX\nS: 220\nY\n"));

        Assert.Equal(2, thrown.Problems.Count);
    }

    [Theory]
    [InlineData("250 ok", "250 ok", null, "the same")]
    [InlineData("250 ok", "251 ok", 2, "another letter")]
    [InlineData("250 ok", "250", 3, "too short")]
    [InlineData("250 ok", "250 okay", 6, "too long")]
    [InlineData("550 …PTR…", "250 PTR", 0, "at once")]
    [InlineData("550 …no PTR record fount…", "550 5.7.25 no PTR record found for", 29, "within a text that is almost there")]
    [InlineData("550 …nothing of that…", "550 5.7.25 no PTR", 4, "where it is nowhere")]
    [InlineData("250 a…the very end", "250 a and the very and", 19, "in the last text")]
    public void The_place_where_a_line_leaves_its_pattern_is_told(string pattern, string line, int? place, string why) =>
        Assert.True(place == new LinePattern(pattern).PartsAt(line), why);

    [Theory]
    [InlineData("250 ok", "250 ok", true)]
    [InlineData("250 ok", "250 okay", false)]
    [InlineData("250 …", "250 ", true)]
    [InlineData("250 …", "250-x", false)]
    [InlineData("550 …PTR…[192.0.2.25]…", "550 5.7.25 no PTR record found for [192.0.2.25]; id=1", true)]
    [InlineData("a…a", "a", false)]
    [InlineData("a…b…b", "a b", false)]
    [InlineData("…", "", true)]
    public void An_ellipsis_stands_for_any_text(string pattern, string line, bool matches) =>
        Assert.Equal(matches, new LinePattern(pattern).Matches(line));

    [Fact]
    public void A_smart_host_may_have_a_name_and_domains_of_its_own()
    {
        var conversation = ConversationReader.Read("c.smtp", "# t\n@smarthost unix serves a.test b.test\nS: 220 …\n@at unix\n@relayed 1\n@at smarthost\n@relayed 0\n");

        var host = Assert.Single(conversation.Setting.SmartHosts);
        Assert.Equal("unix", host.Name);
        Assert.Equal(["a.test", "b.test"], host.Domains);
        Assert.Equal([new Step.At(4, "unix"), new Step.Relayed(5, 1), new Step.At(6, null), new Step.Relayed(7, 0)], conversation.Steps.Skip(1));
    }

    [Theory]
    [InlineData("@at unix", "c.smtp:3: \"@at unix\" says nothing known")]
    [InlineData("@smarthost unix serves a.test", "c.smtp:3: @smarthost NAME serves stands before the first C: or S: line")]
    public void A_smart_host_is_named_before_it_is_spoken_of(string line, string problem)
    {
        var thrown = Assert.Throws<ConversationFormatException>(() => ConversationReader.Read("c.smtp", $"# t\nS: 220 …\n{line}\n"));

        Assert.StartsWith(problem, Assert.Single(thrown.Problems), StringComparison.Ordinal);
    }
}
