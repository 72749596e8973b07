namespace Gateway.Lab.Hosting;

/// <summary>What the lab does when it is told to by a command.</summary>
/// <param name="ForgetDns">Other answers are given now: what was asked before is no longer known.</param>
/// <param name="RestoreFaults">Every name behaves as the zone files say.</param>
/// <param name="ShowProfiles">Which receiver listens where.</param>
/// <param name="ShowClients">Which address is what kind of client.</param>
/// <param name="Quit">Closes.</param>
internal sealed record LabDeeds(Action ForgetDns, Action RestoreFaults, Action ShowProfiles, Action ShowClients, Action Quit);
