namespace ArgminLayers;

/// <summary>How the backward passes through one call went. Thread-safe: they may run on a thread of libtorch's.</summary>
/// <remarks>An exception cannot leave a backward pass: what fails gives NaN gradients, and is told here and by the layer's <c>ThrowIfFailed</c>.</remarks>
public sealed class BackwardReport
{
    private readonly Lock access = new();
    private ArgminException? failure;
    private double? residual;

    /// <summary>The first failure; null where none was.</summary>
    public ArgminException? Failure
    {
        get
        {
            lock (access)
                return failure;
        }
    }

    /// <summary>The largest relative residual ‖b − Hx‖/‖b‖ that conjugate gradients left in a backward pass; null where another form ran, or no pass yet.</summary>
    public double? LinearResidual
    {
        get
        {
            lock (access)
                return residual;
        }
    }

    internal void Record(ArgminException exception)
    {
        lock (access)
            failure ??= exception;
    }

    internal void Record(double relativeResidual)
    {
        lock (access)
            residual = Math.Max(residual ?? 0, relativeResidual);
    }
}
