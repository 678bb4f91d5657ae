using ArgminLayers.Harness;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.OnEveryDevice;

/// <summary>
/// Minima and gradients by autograd and dense linear algebra from the objective as it is written, one problem at a time, on the CPU in float64: nothing of a layer's is used.
/// </summary>
/// <param name="Y">The minima y*, (B, y's own extents).</param>
/// <param name="Direction">∂L/∂y, of the same shape.</param>
/// <param name="Exact">∂L/∂x of every differentiable input x: −∂(λᵀ∇f)/∂x with λ = H⁻¹ ∂L/∂y.</param>
/// <param name="Diagonal">The same with λ from the diagonal of H.</param>
internal sealed record Reference(Tensor Y, Tensor Direction, Tensor[] Exact, Tensor[] Diagonal)
{
    private const int Steps = 100;

    public static Reference Of(TestProblem problem)
    {
        var direction = new Draw(99).Normal([problem.Batch, .. problem.Shape]).to(float32).to(float64);
        Tensor[] Zeros() => [.. problem.Inputs.Take(problem.Differentiable).Select(static input => zeros_like(input))];
        var (minima, exact, diagonal) = (new List<Tensor>(), Zeros(), Zeros());
        for (var b = 0; b < problem.Batch; b++)
        {
            Tensor[] own = [.. problem.Inputs.Select((_, k) => problem.Input(k, b).clone().requires_grad_(k < problem.Differentiable))];
            var y = Minimum(problem, own, problem.Start is { } start ? start[b] : zeros(problem.Shape, dtype: float64));
            minima.Add(y);
            var at = y.clone().requires_grad_();
            var value = problem.Objective(at, own);
            var (hessian, g) = (Autograd.Hessian(value, at).detach(), direction[b].reshape(-1));
            var gradient = Autograd.Gradient(value, at, create: true);
            void Collect(Tensor lambda, Tensor[] sums)
            {
                var contracted = gradient.mul(lambda.reshape(problem.Shape)).sum().neg();
                for (var k = 0; k < sums.Length; k++)
                    (problem.IsShared(k) ? sums[k] : sums[k][b]).add_(Autograd.Gradient(contracted, own[k]));
            }
            Collect(linalg.solve(hessian, g.unsqueeze(-1)).squeeze(-1), exact);
            Collect(g / hessian.diagonal(), diagonal);
        }
        return new(stack([.. minima]), direction, exact, diagonal);
    }

    /// <summary>Newton's method with the absolute values of H's eigenvalues, from a start near enough, until its steps are rounding.</summary>
    private static Tensor Minimum(TestProblem problem, Tensor[] own, Tensor y)
    {
        Tensor[] inputs = [.. own.Select(static input => input.detach())];
        double Value(Tensor at) => problem.Objective(at, inputs).item<double>();
        for (var step = 0; step < Steps; step++)
        {
            var at = y.clone().requires_grad_();
            var value = problem.Objective(at, inputs);
            var gradient = Autograd.Gradient(value, at).reshape(-1);
            var (eigenvalues, vectors) = linalg.eigh(Autograd.Hessian(value, at).detach());
            var newton = vectors.mv(vectors.t().mv(gradient) / eigenvalues.abs()).neg().reshape(problem.Shape);
            var (before, length) = (value.item<double>(), 1.0);
            while (!(Value(y + (newton * length)) <= before + (1e-12 * (1 + Math.Abs(before)))))
                length /= 2;
            y = (y + (newton * length)).detach();
            if (newton.norm().item<double>() > 1e-13 * (1 + y.norm().item<double>()))
                continue;
            eigenvalues.min().item<double>().ShouldBeGreaterThan(1e-3, problem.Info.Name);
            return y;
        }
        throw new InvalidOperationException($"The reference of {problem.Info.Name} was not found.");
    }
}
