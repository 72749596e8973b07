using Gateway.Fuzzing;
using Gateway.Fuzzing.Dns;
using Gateway.Fuzzing.Smtp;
using SharpFuzz;

// fuzz.sh beside this project's folder is how people run it; docs/fuzzing.md explains both.
Target[] targets = [.. DnsTargets.All, .. SmtpTargets.All];
switch (args)
{
    case ["list"]:
        foreach (var target in targets)
            Console.WriteLine(target.Name);
        return 0;
    case ["run", var name] when Find(name) is { } target:
        // afl-fuzz starts this, with one input after another on standard input.
        var octets = new byte[1 << 20];
        Fuzzer.Run(stream => target.Check(octets.AsSpan(0, stream.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false))));
        return 0;
    case ["replay", var name, .. { Length: > 0 } files] when Find(name) is { } target:
        var failures = 0;
        foreach (var file in files)
            failures += Passes(target, file) ? 0 : 1;
        return failures == 0 ? 0 : 1;
    default:
        Console.Error.WriteLine("usage: Gateway.Fuzzing list | run READER | replay READER FILE...");
        return 64;
}

Target? Find(string name) => Array.Find(targets, target => target.Name == name);

static bool Passes(Target target, string file)
{
    try
    {
        target.Check(File.ReadAllBytes(file));
        return true;
    }
    catch (Exception e)
    {
        Console.WriteLine($"{file}: {e}");
        return false;
    }
}
