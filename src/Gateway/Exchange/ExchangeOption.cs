using System.CommandLine;
using Gateway.Lab.Exchange;

namespace Gateway.Exchange;

/// <summary>The option <c>--as exchange-2003</c> of two commands.</summary>
internal static class ExchangeOption
{
    public static Option<string?> Create()
    {
        var option = new Option<string?>("--as")
        {
            Description = $"Also show what a sending mail server reports about each refused message: the NDR to the sender, and the event log. SERVER is {ExchangeReporter.Name}. [default: not shown]",
            HelpName = "SERVER",
        };
        option.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && token.Value != ExchangeReporter.Name)
                result.AddError($"--as \"{token.Value}\" is not known: type --as {ExchangeReporter.Name}");
        });
        return option;
    }
}
