namespace ArgminLayers.Generator.Structure;

/// <summary>How much may still be spent on proofs: a program could ask for any number of long ones.</summary>
internal sealed class Effort
{
    private int left = 10_000;

    /// <summary>Whether that much was left.</summary>
    public bool Spend(int amount) => (left -= amount) >= 0;
}
