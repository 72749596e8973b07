namespace Gateway.Smtp.Tests.Server;

/// <summary>Positive replies in the handler's words, and extensions in an order of its own.</summary>
public class WordsTests
{
    private static readonly Dictionary<Verb, Reply> Words = new()
    {
        [Verb.Data] = new(354, null, "Go ahead"),
        [Verb.Rset] = new(250, null, "2.0.0 Flushed"),
        [Verb.Noop] = new(250, null, "Ok"),
        [Verb.Vrfy] = new(252, null, "Perhaps"),
        [Verb.Help] = new(214, null, "Ask", "somebody else"),
        [Verb.Quit] = new(221, null, "Bye"),
    };

    [Fact]
    public async Task The_handler_words_what_the_engine_would_answer_itself()
    {
        var handler = new FakeHandler { OnWords = Words.GetValueOrDefault, OnHelo = static helo => new Reply(250, null, $"Hello {helo.Name}") };

        var (received, end) = await SessionDriver.PlayAsync(
            "HELO one\r\nNOOP\r\nRSET\r\nVRFY bob\r\nHELP\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n.\r\nQUIT\r\n", handler: handler);

        Assert.Equal(SessionEnd.Quit, end);
        Assert.Equal(
            SessionDriver.Greeting + "250 Hello one\r\n250 Ok\r\n250 2.0.0 Flushed\r\n252 Perhaps\r\n214-Ask\r\n214 somebody else\r\n"
            + "250 2.1.0 sender OK\r\n250 2.1.5 recipient OK\r\n354 Go ahead\r\n250 2.0.0 OK\r\n221 Bye\r\n", received);
    }

    [Fact]
    public async Task The_extensions_follow_the_handlers_first_line()
    {
        var handler = new FakeHandler { OnHelo = static helo => new Reply(250, null, $"Hello {helo.Name}") };
        var options = SessionDriver.Options with { Extensions = ["8BITMIME", "SIZE", "VRFY"] };

        var (received, _) = await SessionDriver.PlayAsync("EHLO one\r\nQUIT\r\n", handler: handler, options: options);

        Assert.StartsWith(
            SessionDriver.Greeting + "250-Hello one\r\n250-8BITMIME\r\n250-SIZE 52428800\r\n250 VRFY\r\n221 ", received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_extensions_hides_neither_TLS_nor_XCLIENT()
    {
        var options = SessionDriver.Options with { Extensions = ["8BITMIME"], Tls = new() };

        var (received, _) = await SessionDriver.PlayAsync("EHLO one\r\nQUIT\r\n", handler: new FakeHandler { MayXclient = true }, options: options);

        Assert.StartsWith(
            SessionDriver.Greeting + $"250-mx.gateway.test\r\n250-8BITMIME\r\n250-{XclientAttributes.Keyword}\r\n250 STARTTLS\r\n221 ",
            received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task STARTTLS_stands_where_the_list_puts_it_and_AUTH_waits_for_TLS()
    {
        var options = SessionDriver.Options with
        {
            Extensions = ["STARTTLS", "AUTH", "8BITMIME"],
            Tls = new(),
            OffersAuth = true,
        };

        var (received, _) = await SessionDriver.PlayAsync("EHLO one\r\nQUIT\r\n", options: options);

        Assert.StartsWith(
            SessionDriver.Greeting + "250-mx.gateway.test\r\n250-STARTTLS\r\n250 8BITMIME\r\n221 ", received, StringComparison.Ordinal);
    }
}
