using Gateway.Lab.Talking;
using Gateway.Playing;
using Spectre.Console;

namespace Gateway.Tests.Playing;

public sealed class DialogueViewTests
{
    [Fact]
    public void In_a_pipe_a_line_stays_a_line_however_long()
    {
        using var text = new StringWriter();
        var view = new DialogueView(AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) }));
        view.Write(new(TimeSpan.FromMilliseconds(12), Speaker.Server, "550 " + new string('x', 200)));
        view.Write(new(TimeSpan.FromSeconds(12.3456), Speaker.Stage, "the server hung up"));
        Assert.Equal($"   0.012  S: 550 {new string('x', 200)}\n  12.346  @  the server hung up\n", text.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void In_json_each_line_is_an_object()
    {
        using var text = new StringWriter();
        DialogueJson.Write(text, new(TimeSpan.FromMilliseconds(12.4), Speaker.Server, """220 mx "it's" <a>"""));
        Assert.Equal("""{"at":0.012,"who":"server","line":"220 mx \"it's\" <a>"}""" + "\n", text.ToString().ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData(Speaker.Server, "250-mx", "green")]
    [InlineData(Speaker.Server, "451 4.7.1 later", "yellow")]
    [InlineData(Speaker.Server, "550 5.7.25 no", "red")]
    [InlineData(Speaker.Stage, "TLS is up", "grey")]
    [InlineData(Speaker.Client, "500 is what this client says", "teal")]
    public void Colours_tell_who_speaks_and_how_the_server_answers(Speaker speaker, string text, string colour) =>
        Assert.Equal(colour, DialogueView.ColourOf(new(default, speaker, text))?.ToMarkup());
}
