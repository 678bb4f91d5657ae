using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness;

/// <summary>The independent derivatives: those that autograd takes of the objective method itself.</summary>
public static class Autograd
{
    /// <summary>The gradient of a scalar; zero where it does not depend on the variable.</summary>
    public static Tensor Gradient(Tensor scalar, Tensor variable, bool create = false)
    {
        if (!scalar.requires_grad)
        {
            return zeros_like(variable);
        }

        var gradient = autograd.grad([scalar], [variable], retain_graph: true, create_graph: create, allow_unused: true)[0];
        return gradient is null || gradient.IsInvalid ? zeros_like(variable) : gradient;
    }

    /// <summary>The Hessian, row by row, of shape (n, n) for a variable of n elements.</summary>
    public static Tensor Hessian(Tensor scalar, Tensor variable)
    {
        var gradient = Gradient(scalar, variable, create: true).reshape(-1);
        return stack(Enumerable.Range(0, (int)gradient.numel()).Select(k => Gradient(gradient[k], variable).reshape(-1)).ToArray());
    }
}
