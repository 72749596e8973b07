namespace Gateway.Server.Delivery;

/// <summary>Whether a connection is for a delivery or for a recipient check. Each has places of its own, so that neither waits for the other.</summary>
internal enum ConnectionPurpose
{
    Delivery,
    RecipientCheck,
}
