namespace Gateway.Server.Delivery;

/// <summary>What a connection is borrowed for. Each has places of its own, so that neither can wait for the other.</summary>
internal enum Errand
{
    Delivery,
    Question,
}
