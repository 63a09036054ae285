namespace Tunnel.Connector.Cloud;

/// <summary>The oldest batches that wait, as one.</summary>
/// <param name="Batch">All of them.</param>
/// <param name="Count">How many they are.</param>
internal sealed record Parcel(EventBatch Batch, int Count);
