using System.Security.Cryptography;

namespace Gateway.EndToEnd;

/// <summary>Signatures made at test time by another implementation (dkimpy), and verified by it after arrival.</summary>
internal sealed class Dkim
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Scripts", "dkim_files.py");
    private readonly string _folder;

    public Dkim(string folder)
    {
        _folder = folder;
        using var key = RSA.Create(2048);
        File.WriteAllText($"{folder}/private.pem", key.ExportRSAPrivateKeyPem());
        File.WriteAllText($"{folder}/record", $"v=DKIM1; k=rsa; p={Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}");
    }

    public async Task<IReadOnlyList<SampleMail>> SignAsync(IEnumerable<SampleMail> mails)
    {
        var folder = Directory.CreateDirectory($"{_folder}/sign").FullName;
        foreach (var mail in mails)
            await File.WriteAllBytesAsync($"{folder}/{mail.Name}", mail.Content);
        await RunAsync("sign", folder, $"{_folder}/private.pem", "e2e", "sender.test");
        return [.. Directory.GetFiles(folder).Select(f => new SampleMail(Path.GetFileName(f), File.ReadAllBytes(f)))];
    }

    /// <summary>The names of those that do not verify.</summary>
    public async Task<IReadOnlyList<string>> FailuresAsync(IEnumerable<(string Name, byte[] Content)> mails)
    {
        var folder = Directory.CreateDirectory($"{_folder}/verify").FullName;
        foreach (var (name, content) in mails)
            await File.WriteAllBytesAsync($"{folder}/{name}", content);
        var verdicts = (await RunAsync("verify", folder, $"{_folder}/record")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Directory.GetFiles(folder).Length, verdicts.Length);
        return [.. verdicts.Where(v => !v.EndsWith(" pass", StringComparison.Ordinal))];
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var (exitCode, output) = await Tools.RunAsync(Tools.Python, [Script, .. arguments]);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
