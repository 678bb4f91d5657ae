using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness.Mutation;

/// <summary>Whether the pieces that a layer tells apart are smooth: where two predictions are on the same one, φ′ differs by the integral of φ″ between them.</summary>
internal static class SmoothPieces
{
    private const int Draws = 20;

    /// <summary>Nodes and weights of Gauss and Legendre on [0, 1], exact for the polynomials that φ″ is on its pieces.</summary>
    private static readonly (double Node, double Weight)[] Quadrature = [(0.5 - Math.Sqrt(0.15), 5 / 18.0), (0.5, 8 / 18.0), (0.5 + Math.Sqrt(0.15), 5 / 18.0)];

    /// <summary>Compares at random pairs of predictions; for objectives of which φ is piecewise a polynomial of degree 7 or less.</summary>
    public static void Check(LinearPredictorProblem problem, Tensor y)
    {
        using var scope = NewDisposeScope();
        using var generator = new torch.Generator(1);
        var around = problem.Predictions(y.detach().unsqueeze(0)).detach();
        for (var draw = 0; draw < Draws; draw++)
        {
            // All pairs of a coupled φ have to stay on their pieces, so the steps are short.
            var start = around + Normal();
            var step = (problem.IsSeparable ? 1 : 0.3) * Normal();
            var integral = Quadrature.Select(point => point.Weight * problem.PhiHessian(start + point.Node * step).matmul(step.unsqueeze(-1)).squeeze(-1)).Aggregate((sum, part) => sum + part);
            var difference = problem.PhiGradient(start + step) - problem.PhiGradient(start);
            Compare(problem, problem.PhiPieces(start), problem.PhiPieces(start + step), difference, integral);
            if (problem.IsSeparable)
            {
                Compare(problem, problem.PhiDerivatives(start).Pieces, problem.PhiDerivatives(start + step).Pieces, difference, integral);
            }
        }

        Tensor Normal() => randn(around.shape, dtype: around.dtype, generator: generator);
    }

    private static void Compare(LinearPredictorProblem problem, Tensor? before, Tensor? after, Tensor difference, Tensor integral)
    {
        if (before is null || after is null)
        {
            return;
        }

        var agrees = before.eq(after);
        var same = problem.IsSeparable ? agrees.all(-1) : agrees.all().expand_as(difference);
        (difference - integral).abs().masked_fill(same.logical_not(), 0).max().item<double>().ShouldBeLessThan(1e-9 * (1 + integral.abs().max().item<double>()));
    }
}
