using System.CommandLine;
using Gateway.Lab.Exchange;

namespace Gateway.Exchange;

/// <summary><c>--as exchange-2003</c>, which two commands take.</summary>
internal static class ExchangeOption
{
    public static Option<string?> Create()
    {
        var option = new Option<string?>("--as")
        {
            Description = $"Also show what a sending server tells its people of each message that is refused: its NDR and its event log. {ExchangeReporter.Name} is the one that is known.",
            HelpName = "SERVER",
        };
        option.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && token.Value != ExchangeReporter.Name)
                result.AddError($"--as takes {ExchangeReporter.Name}, not \"{token.Value}\"");
        });
        return option;
    }
}
