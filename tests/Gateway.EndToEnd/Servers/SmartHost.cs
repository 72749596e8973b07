namespace Gateway.EndToEnd;

/// <summary>
/// A real Postfix as the server behind Gateway. It accepts mail for gw.test and stores each recipient's copy as a file of its
/// own, so that arrivals can be counted and compared. Local parts that begin with "unknown" have no mailbox, and a header
/// field "X-Reject-Me" is refused at the end of the data.
/// </summary>
internal sealed class SmartHost(PostfixInstance postfix, string mailboxes) : IAsyncDisposable
{
    public PostfixInstance Postfix { get; } = postfix;

    public int Port => Postfix.Port;

    public static async Task<SmartHost> StartAsync(TempFolder temp, bool tls = false, string limits = "")
    {
        var mailboxes = temp.Folder("mailboxes");
        var (exitCode, output) = await Tools.RunAsync("/bin/chown", "nobody", mailboxes);
        Assert.True(exitCode == 0, output);
        await File.WriteAllTextAsync(temp.Path("users"), "!/^unknown/ all/\n");
        await File.WriteAllTextAsync(temp.Path("checks"), "/^X-Reject-Me:/ REJECT 5.7.1 we do not like this header\n");
        var main = $"""
            virtual_mailbox_domains = gw.test
            virtual_mailbox_base = {mailboxes}
            virtual_mailbox_maps = regexp:{temp.Path("users")}
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534
            mynetworks = 192.0.2.0/24
            smtpd_relay_restrictions = reject_unauth_destination
            smtpd_recipient_restrictions =
            header_checks = regexp:{temp.Path("checks")}
            {(tls ? Certificate(temp) : "smtpd_tls_security_level = none")}
            {limits}

            """;
        return new(await PostfixInstance.StartAsync(temp, "smarthost", main), mailboxes);
    }

    /// <summary>What has been delivered, oldest first. A file in Maildir's "new" is whole: it was renamed into place.</summary>
    public IReadOnlyList<ArrivedMail> Arrived
    {
        get
        {
            var arrived = new DirectoryInfo($"{mailboxes}/all/new");
            return arrived.Exists
                ? [.. arrived.GetFiles().OrderBy(f => f.LastWriteTimeUtc).Select(f => ArrivedMail.Read(f.FullName))]
                : [];
        }
    }

    public int ArrivedCount => Directory.Exists($"{mailboxes}/all/new") ? Directory.GetFiles($"{mailboxes}/all/new").Length : 0;

    /// <summary>The copies that one recipient got, once there is at least one.</summary>
    public async Task<ArrivedMail> ArrivedForAsync(string recipient)
    {
        ArrivedMail? found = null;
        await Poll.UntilAsync($"mail for {recipient} arrives", () =>
        {
            found = Arrived.FirstOrDefault(m => m.Recipient == recipient);
            return Task.FromResult(found is not null);
        }, () => Postfix.EndOfLog);
        return found!;
    }

    public ValueTask DisposeAsync() => Postfix.DisposeAsync();

    public static string Certificate(TempFolder temp) =>
        $"smtpd_tls_chain_files = {TestCertificate.Write(temp, "smarthost.postfix.test")}\n"
        + "smtpd_tls_security_level = may\nsmtpd_tls_received_header = yes";
}
