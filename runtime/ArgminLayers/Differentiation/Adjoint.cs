using ArgminLayers.Hessians;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Differentiation;

/// <summary>
/// How ∂L/∂y becomes ∂L/∂x at a solution, by the implicit function theorem: <c>∂L/∂x = −(∂²f/∂x∂y)ᵀ H⁻¹ ∂L/∂y</c> (Fernando and Gould 2016, Lemma 2).
/// </summary>
internal abstract class Adjoint
{
    /// <summary>What the forward pass computed and <see cref="Products"/> needs again.</summary>
    public required IReadOnlyList<Tensor> Tensors { get; init; }

    /// <summary>The dtype that the forward pass ended in, and that problem, y and gradient arrive in: float64 for stiff problems in float32.</summary>
    public required ScalarType Precision { get; init; }

    /// <summary>∂L/∂x from the factor of the forward pass.</summary>
    /// <param name="problem">The problems.</param>
    /// <param name="y">The solution, (B, n).</param>
    /// <param name="tensors">What <see cref="Tensors"/> held in the forward pass.</param>
    /// <param name="gradient">∂L/∂y, (B, n).</param>
    /// <param name="wanted">One entry an input: whether its gradient is asked for.</param>
    public abstract AdjointProducts Products(ArgminProblem problem, Tensor y, IReadOnlyList<Tensor> tensors, Tensor gradient, IReadOnlyList<bool> wanted);

    /// <summary>
    /// The same, built from differentiable operations on y, the inputs and ∂L/∂y. A factor of the forward pass would be a constant to autograd, and second
    /// derivatives silently wrong.
    /// </summary>
    /// <param name="problem">The problems, with inputs that carry their graph.</param>
    /// <param name="y">The solution, (B, n), with its graph.</param>
    /// <param name="tensors">What <see cref="Tensors"/> held in the forward pass: values without a graph.</param>
    /// <param name="gradient">∂L/∂y, (B, n).</param>
    /// <param name="wanted">One entry an input: whether its gradient is asked for.</param>
    public abstract AdjointProducts DifferentiableProducts(ArgminProblem problem, Tensor y, IReadOnlyList<Tensor> tensors, Tensor gradient, IReadOnlyList<bool> wanted);
}

/// <summary>∂L/∂x.</summary>
/// <param name="Gradients">For each wanted input a tensor (B, own extents…); null for the others.</param>
/// <param name="Iterative">How an iterative solution of the system with H went; null where a factor solved it.</param>
internal sealed record AdjointProducts(Tensor?[] Gradients, IterativeSolution? Iterative = null);
