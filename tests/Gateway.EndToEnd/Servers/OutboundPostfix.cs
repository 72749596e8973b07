using System.Text.RegularExpressions;

namespace Gateway.EndToEnd;

/// <summary>
/// A real Postfix as the sender: it takes what a test gives it and sends everything to Gateway, from the client address that
/// the envelope sender names (ann+127-1-0-5@sender.test leaves from 127.1.0.5), unless the recipient has a route of its own.
/// </summary>
internal sealed class OutboundPostfix(PostfixInstance postfix) : IAsyncDisposable
{
    private static int _count;

    public PostfixInstance Postfix { get; } = postfix;

    public static string SenderFrom(string client, string domain = "sender.test") => $"ann+{client.Replace('.', '-')}@{domain}";

    public static async Task<OutboundPostfix> StartAsync(
        TempFolder temp, int gatewayPort, string[] clients, bool tls = false, (string User, string Password)? login = null,
        (string Recipient, string Client, int Port)[]? routes = null)
    {
        var name = $"outbound-{Interlocked.Increment(ref _count)}";
        var (bySender, byRecipient) = (temp.Path($"{name}.senders"), temp.Path($"{name}.recipients"));
        var services = string.Concat(clients.Select(static client => $"{Service(client)} unix - - n - - smtp\n  -o smtp_bind_address={client}\n"));
        await File.WriteAllLinesAsync(bySender, clients.Select(client => $"/^{Regex.Escape(SenderFrom(client, ""))}/ {Service(client)}:[127.0.0.1]:{gatewayPort}"));
        await File.WriteAllLinesAsync(byRecipient,
            (routes ?? []).Select(static route => $"/^{Regex.Escape(route.Recipient)}$/ {Service(route.Client)}:[127.0.0.1]:{route.Port}"));
        var main = $"""
            mynetworks = 127.0.0.0/8
            smtpd_recipient_restrictions = permit_mynetworks, reject
            # Bounces go back to the sender's domain, which ends here.
            virtual_mailbox_domains = sender.test
            virtual_transport = discard
            default_transport = smtp:[127.0.0.1]:{gatewayPort}
            sender_dependent_default_transport_maps = regexp:{bySender}
            transport_maps = regexp:{byRecipient}
            smtp_tls_security_level = {(tls ? "encrypt" : "none")}
            {(login is { } given ? await LoginAsync(temp, name, given) : "smtp_sasl_auth_enable = no")}
            minimal_backoff_time = 1s
            maximal_backoff_time = 2s
            queue_run_delay = 1s
            # A dead destination is tried again at once: what is tested is that the mail waits, not how long.
            transport_retry_time = 1s

            """;
        return new(await PostfixInstance.StartAsync(temp, name, main, services));
    }

    private static string Service(string client) => $"from-{client.Replace('.', '-')}";

    // libsasl2-modules has PLAIN and LOGIN; a map of regular expressions needs no database made of it.
    private static async Task<string> LoginAsync(TempFolder temp, string name, (string User, string Password) login)
    {
        var passwords = temp.Path($"{name}.passwords");
        await File.WriteAllTextAsync(passwords, $"/./ {login.User}:{login.Password}\n");
        return $"smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = regexp:{passwords}\nsmtp_sasl_security_options = noanonymous";
    }

    /// <summary>Hands a message to Postfix, as a mail program would.</summary>
    public async Task SubmitAsync(string client, string recipient, ReadOnlyMemory<byte> content, string domain = "sender.test")
    {
        await using var wire = await SmtpWire.ConnectAsync(Postfix.Port);
        await wire.SendMailAsync(SenderFrom(client, domain), recipient, content);
    }

    public ValueTask DisposeAsync() => Postfix.DisposeAsync();
}
