using System.Text.RegularExpressions;

namespace Gateway.EndToEnd;

/// <summary>A real Postfix with its own configuration, queue and log; it is stopped and started as a test wants.</summary>
internal sealed partial class PostfixInstance : IAsyncDisposable
{
    private const string Services = """
        pickup    unix n - n 60 1 pickup
        cleanup   unix n - n - 0 cleanup
        qmgr      unix n - n 300 1 qmgr
        tlsmgr    unix - - n 1000? 1 tlsmgr
        rewrite   unix - - n - - trivial-rewrite
        bounce    unix - - n - 0 bounce
        defer     unix - - n - 0 bounce
        trace     unix - - n - 0 bounce
        verify    unix - - n - 1 verify
        flush     unix n - n 1000? 0 flush
        proxymap  unix - - n - - proxymap
        smtp      unix - - n - - smtp
        error     unix - - n - - error
        retry     unix - - n - - error
        discard   unix - - n - - discard
        virtual   unix - n n - - virtual
        anvil     unix - - n - 1 anvil
        scache    unix - - n - 1 scache
        showq     unix n - n - - showq
        postlog   unix-dgram n - n - 1 postlogd

        """;

    private readonly string _folder;

    private PostfixInstance(string folder, int port) => (_folder, Port) = (folder, port);

    public int Port { get; }

    public string Log => File.ReadAllText($"{_folder}/mail.log");

    /// <summary>Everybody to whom a delivery was tried at least once without success.</summary>
    public ISet<string> DeferredRecipients => DeliveryLine().Matches(Log)
        .Where(m => m.Groups["status"].Value == "deferred").Select(m => m.Groups["to"].Value).ToHashSet();

    /// <summary>For a report.</summary>
    public string EndOfLog => Log is { Length: > 4000 } log ? log[^4000..] : Log;

    public static async Task<PostfixInstance> StartAsync(TempFolder temp, string name, string main, string services = "")
    {
        var folder = temp.Folder(name);
        var port = FreePort.Next();
        temp.Folder($"{name}/spool");
        var data = temp.Folder($"{name}/data");
        var (exitCode, output) = await Tools.RunAsync("/bin/chown", "postfix", data);
        Assert.True(exitCode == 0, output);
        var configuration = temp.Folder($"{name}/etc");
        await File.WriteAllTextAsync($"{configuration}/main.cf", Common(folder, name) + main);
        await File.WriteAllTextAsync($"{configuration}/master.cf", $"127.0.0.1:{port} inet n - n - - smtpd\n{Services}{services}");

        // Postfix's repair tool writes to the log as the mail owner when no log daemon runs, as after an abort.
        await File.WriteAllTextAsync($"{folder}/mail.log", "");
        File.SetUnixFileMode($"{folder}/mail.log", (UnixFileMode)0b110_110_110);
        var instance = new PostfixInstance(folder, port);
        return await Poll.ReadyAsync(instance, instance.StartAsync);
    }

    public async Task StartAsync()
    {
        await CommandAsync(Tools.Postfix, "start");
        await Poll.UntilAsync($"{_folder}: Postfix greets", () => SmtpWire.GreetsAsync(Port));
    }

    /// <summary>All its processes end, whatever they are doing. ("postfix abort" returns before they have.)</summary>
    public async Task AbortAsync()
    {
        await CommandAsync(Tools.Postfix, "abort");
        await Poll.UntilAsync($"{_folder}: Postfix has ended", async () => !await IsRunningAsync());
    }

    /// <summary>Everything deferred is tried again now.</summary>
    public Task FlushAsync() => CommandAsync(Tools.Postqueue, "-f");

    public async Task<bool> IsQueueEmptyAsync()
    {
        var (exitCode, output) = await Tools.RunAsync(Tools.Postqueue, "-c", $"{_folder}/etc", "-j");
        Assert.True(exitCode == 0, output);
        return output.Trim().Length == 0;
    }

    /// <summary>The first word that the log has about a recipient's delivery, once there is one.</summary>
    public async Task<(string Status, string Text)> FateOfAsync(string recipient)
    {
        Match? found = null;
        await Poll.UntilAsync($"Postfix logs a delivery to {recipient}", () =>
        {
            found = DeliveryLine().Matches(Log).FirstOrDefault(m => m.Groups["to"].Value == recipient);
            return Task.FromResult(found is not null);
        }, () => EndOfLog);
        return (found!.Groups["status"].Value, found.Groups["text"].Value);
    }

    public async ValueTask DisposeAsync()
    {
        if (await IsRunningAsync())
            await AbortAsync();
    }

    private async Task<bool> IsRunningAsync() =>
        (await Tools.RunAsync(Tools.Postfix, "-c", $"{_folder}/etc", "status")).ExitCode == 0;

    private async Task CommandAsync(string program, string command)
    {
        var (exitCode, output) = await Tools.RunAsync(program, "-c", $"{_folder}/etc", command);
        Assert.True(exitCode == 0, $"{program} {command}: {exitCode}\n{output}\n{EndOfLog}");
    }

    // What Postfix would change in a message on its way is switched off: the comparison is about Gateway.
    private static string Common(string folder, string name) => $"""
        compatibility_level = 3.6
        queue_directory = {folder}/spool
        data_directory = {folder}/data
        command_directory = /usr/sbin
        daemon_directory = /usr/lib/postfix/sbin
        mail_owner = postfix
        setgid_group = postdrop
        maillog_file = {folder}/mail.log
        maillog_file_prefixes = {folder}
        myhostname = {name}.postfix.test
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        alias_maps =
        alias_database =
        mydestination =
        local_recipient_maps =
        local_transport = error:no local mail
        notify_classes =
        message_size_limit = 104857600
        virtual_mailbox_limit = 0
        mailbox_size_limit = 0
        message_drop_headers =
        local_header_rewrite_clients =
        disable_mime_input_processing = yes
        disable_mime_output_conversion = yes
        smtp_line_length_limit = 0
        header_size_limit = 10485760
        hopcount_limit = 1000
        strict_mime_encoding_domain = no
        smtpd_client_connection_count_limit = 0
        smtpd_error_sleep_time = 0
        smtpd_soft_error_limit = 100000
        smtpd_hard_error_limit = 100000
        in_flow_delay = 0

        """;

    // … to=<a@b>, relay=…, status=deferred (host 127.0.0.1[127.0.0.1] said: 451 …)
    [GeneratedRegex(@"to=<(?<to>[^>]*)>, .*?status=(?<status>\w+) \((?<text>.*)\)$", RegexOptions.Multiline)]
    private static partial Regex DeliveryLine();
}
