using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.Problems;

/// <summary>½(a − y₀)² + ½b(y₁ − y₀²)²: a curved valley whose only minimum is (a, a²); the Hessian is indefinite above the parabola.</summary>
public sealed class RosenbrockProblem(IReadOnlyList<Tensor> inputs) : ExplicitProblem(Info_)
{
    private static readonly ObjectiveInfo Info_ = Facts(
        "Rosenbrock", [new TensorInfo("a", []), new TensorInfo("b", [], Promise.Positive)], Curvature.Unknown, HessianStructure.Dense) with { Variable = new TensorInfo("y", ["2"]) };

    public static ArgminSolver Solver(ArgminOptions? options = null) => new(Info_, options ?? new(), inputs => new RosenbrockProblem(inputs));

    public override Tensor Objective(Tensor y) => Scoped(() => (Off(y).pow(2).add(inputs[1] * Valley(y).pow(2), One)) * Half);

    public override Tensor Gradient(Tensor y) => Scoped(() => stack([Off(y).neg().sub(inputs[1] * 2 * Valley(y) * y.select(-1, 0)), inputs[1] * Valley(y)], -1));

    public override Tensor Hessian(Tensor y) => Scoped(() =>
    {
        var (first, b) = (y.select(-1, 0), inputs[1].expand(y.size(0)));
        var corner = (b * 4 * first * first).sub(b * 2 * Valley(y)).add(ones_like(first), One);
        var mixed = b * first * -2;
        return stack([stack([corner, mixed], -1), stack([mixed, b], -1)], -2);
    });

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted) =>
    [
        wanted[0] ? lambda.select(-1, 0).neg() : null,
        wanted[1] ? Scoped(() => (Valley(y) * (lambda.select(-1, 1).sub(y.select(-1, 0) * 2 * lambda.select(-1, 0))))) : null,
    ];

    private Tensor Off(Tensor y) => inputs[0].sub(y.select(-1, 0));

    private static Tensor Valley(Tensor y) => y.select(-1, 1).sub(y.select(-1, 0).pow(2));
}
