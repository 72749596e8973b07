using System.Net;
using Gateway.Dns;
using Gateway.Lab.Hosting;
using Gateway.Lab.SmartHosts;

namespace Gateway.Lab.Tests.Screens;

public sealed class LabPromptTests : IAsyncLifetime
{
    private static readonly DomainName Host = DomainName.Parse("a.lab.test");

    private readonly FaultTable _faults = new([new(Host, RecordType.A, new Fault.Drop())]);
    private readonly CapturingSmartHost _smartHost = CapturingSmartHost.Start(new(IPAddress.Loopback, 0), null, TimeProvider.System);
    private readonly List<string> _shown = [];
    private int _changes;
    private int _quits;

    private LabPrompt Prompt() => new(_faults, _smartHost, new(
        () => _changes++,
        () =>
        {
            _faults.Clear();
            _faults.Set(Host, RecordType.A, new Fault.Drop());
        },
        () => _shown.Add("profiles"), () => _shown.Add("clients"), () => _quits++));

    [Fact]
    public void A_fault_is_set_listed_and_ended_and_each_time_the_cache_is_emptied()
    {
        var prompt = Prompt();

        Assert.Equal("you have set no faults; the zone files have 1 more", prompt.Answer("faults"));
        Assert.Equal("fault set: b.lab.test MX delay 2s servfail", prompt.Answer("fault b.lab.test mx servfail delay 2s"));
        Assert.Equal(new Fault.Delay(TimeSpan.FromSeconds(2), new Fault.ServerFailure()), _faults.Find(DomainName.Parse("b.lab.test"), RecordType.Mx));
        Assert.Equal("you have set: b.lab.test MX delay 2s servfail; the zone files have 1 more", prompt.Answer("faults"));
        Assert.Equal("the fault of b.lab.test MX has ended", prompt.Answer("FAULT b.lab.test MX none"));
        Assert.Null(_faults.Find(DomainName.Parse("b.lab.test"), RecordType.Mx));
        Assert.Equal(2, _changes);
    }

    [Fact]
    public void A_fault_of_the_zone_files_can_be_ended_too()
    {
        Assert.Equal("the fault of a.lab.test A has ended", Prompt().Answer("fault a.lab.test A none"));
        Assert.Empty(_faults.Rules);
    }

    [Fact]
    public void All_that_was_typed_ends_at_once_and_the_zone_files_count_again()
    {
        var prompt = Prompt();
        prompt.Answer("fault b.lab.test drop");
        prompt.Answer("fault a.lab.test A none");

        Assert.Equal("all faults that you have set have ended; those of the zone files stay", prompt.Answer("faults none"));

        Assert.Equal("you have set no faults; the zone files have 1 more", prompt.Answer("faults"));
        Assert.Equal(3, _changes);
    }

    [Fact]
    public void Help_lists_each_command_on_a_line_of_its_own()
    {
        var help = Prompt().Answer("help")!.ReplaceLineEndings("\n");

        Assert.All(["fault NAME", "faults ", "smarthost ANSWER", "profiles ", "clients ", "quit "], command => Assert.Contains($"\n  {command}", help, StringComparison.Ordinal));
        Assert.All(Fault.Allowed.Split(", "), fault => Assert.Contains(fault, help, StringComparison.Ordinal));
        Assert.All(help.Split('\n'), static line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void Ports_and_clients_are_shown_again()
    {
        Assert.Null(Prompt().Answer("profiles"));
        Assert.Null(Prompt().Answer("Clients"));
        Assert.Equal(["profiles", "clients"], _shown);
    }

    [Theory]
    [InlineData("fault 127.0.0.10 servfail", "10.0.0.127.in-addr.arpa")]
    [InlineData("fault 2001:db8::1 PTR servfail", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")]
    public void An_address_stands_for_its_reverse_name(string line, string name)
    {
        Prompt().Answer(line);

        Assert.Equal(new Fault.ServerFailure(), _faults.Find(DomainName.Parse(name), RecordType.Ptr));
    }

    [Theory]
    [InlineData("fault", "type fault NAME [TYPE] FAULT", "nothing is named")]
    [InlineData("fault a.lab.test", "type fault NAME [TYPE] FAULT", "nothing to do")]
    [InlineData("fault a.lab.test broken", "\"broken\" is not a fault: use a type of record, servfail, refuse, ", "no such fault")]
    [InlineData("fault a.lab.test delay 2x", "\"2x\" is not a time: use one such as 500ms", "no such time")]
    [InlineData("fault c.lab.test none", "c.lab.test has no fault; \"faults\" lists the faults", "there is nothing to end")]
    [InlineData("faults some", "\"some\" cannot follow \"faults\": type faults, or faults none", "which")]
    [InlineData("smarthost RCTP 550 no", "\"RCTP\" is not allowed: use a point of the dialogue", "no such point")]
    [InlineData("smarthost", "type smarthost ANSWER", "no answer")]
    [InlineData("frobnicate \u001b[2J", "\"frobnicate\" is not a command; the commands are fault, faults, smarthost, profiles, clients, help, quit", "no such command")]
    [InlineData("\u001b[2J", "\"\\u001b[2J\" is not a command", "what is piped in does not reach the terminal raw")]

    public void What_is_wrong_is_answered_with_what_to_type_and_changes_nothing(string line, string expected, string reason)
    {
        var answer = Prompt().Answer(line);

        Assert.True(answer?.Contains(expected, StringComparison.Ordinal), $"{reason}: {answer}");
        Assert.DoesNotContain('\n', answer!);
        Assert.Equal((0, 0, 1), (_changes, _quits, _faults.Rules.Count));
    }

    [Fact]
    public async Task The_smart_host_is_told_line_by_line_and_the_end_of_the_input_ends_nothing()
    {
        var said = new List<string>();

        await Prompt().RunAsync(new StringReader("smarthost down\n\n  \nsmarthost up"), said.Add, CancellationToken.None);

        Assert.Equal(["the smart host now answers: down", "the smart host now answers: up"], said);
        Assert.Equal(0, _quits);
    }

    [Fact]
    public void Quit_closes()
    {
        Assert.Equal("closing the lab", Prompt().Answer(" quit "));
        Assert.Equal(1, _quits);
    }

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _smartHost.DisposeAsync();
}
