using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.Problems;

/// <summary>Objectives of one unknown without a minimum, scaled by x > 0.</summary>
public sealed class FallingProblem(IReadOnlyList<Tensor> inputs, ObjectiveInfo info, FallingProblem.Shape shape) : ExplicitProblem(info)
{
    public enum Shape
    {
        /// <summary>−x y.</summary>
        Line,

        /// <summary>−x y²/2 − y.</summary>
        Cap,

        /// <summary>x exp(−y), which would have its minimum at infinity.</summary>
        Decay,

        /// <summary>x y³/6 − y.</summary>
        Cubic,
    }

    private Tensor X => inputs[0].unsqueeze(-1);

    public static ArgminSolver Solver(Shape shape, Curvature curvature, ArgminOptions options)
    {
        var info = Facts("Falling", [new TensorInfo("x", [])], curvature, HessianStructure.Dense) with { Variable = new TensorInfo("y", ["1"]) };
        return new(info, options, inputs => new FallingProblem(inputs, info, shape));
    }

    public override Tensor Objective(Tensor y) => Scoped(() => (shape switch
    {
        Shape.Line => X * y * -1,
        Shape.Cap => (X * y * y * -0.5).sub(y),
        Shape.Decay => X * y.neg().exp(),
        _ => (X * y.pow(3) / 6).sub(y),
    }).sum(dim: -1));

    public override Tensor Gradient(Tensor y) => Scoped(() => shape switch
    {
        Shape.Line => X.neg().expand_as(y).clone(),
        Shape.Cap => (X * y).neg().sub(ones_like(y)),
        Shape.Decay => (X * y.neg().exp()).neg(),
        _ => (X * y * y * Half).sub(ones_like(y)),
    });

    public override Tensor Hessian(Tensor y) => Scoped(() => (shape switch
    {
        Shape.Line => zeros_like(y),
        Shape.Cap => X.neg().expand_as(y),
        Shape.Decay => X * y.neg().exp(),
        _ => X * y,
    }).unsqueeze(-1).clone());

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted) => [wanted[0] ? zeros_like(inputs[0]) : null];
}
