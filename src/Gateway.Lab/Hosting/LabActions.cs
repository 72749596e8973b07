namespace Gateway.Lab.Hosting;

/// <summary>The actions behind the commands of the lab.</summary>
/// <param name="ForgetDns">Clears the gateway's DNS cache, because the answers have changed.</param>
/// <param name="RestoreFaults">Ends the faults that were typed in.</param>
/// <param name="ShowProfiles">Shows the endpoint of each receiver.</param>
/// <param name="ShowClients">Shows the table of clients.</param>
/// <param name="Quit">Closes the lab.</param>
internal sealed record LabActions(Action ForgetDns, Action RestoreFaults, Action ShowProfiles, Action ShowClients, Action Quit);
