using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Checking;

/// <summary>Checks the problems of a batch one by one: at the point given, else at the minimiser and at a point near it, where no term is in balance.</summary>
/// <param name="info">What the compiler claims.</param>
/// <param name="bind">Binds inputs to the objective.</param>
/// <param name="method">The objective as it is written.</param>
internal sealed class SolutionCheck(
    ObjectiveInfo info, Func<IReadOnlyList<Tensor>, ArgminProblem> bind, Func<Tensor, IReadOnlyList<Tensor>, Tensor> method)
{
    /// <summary>How often the distance of the point near the minimiser is halved while the objective is not finite there.</summary>
    private const int Halvings = 30;

    /// <param name="inputs">The inputs, (B or 1, own extents…), in float64.</param>
    /// <param name="y">The points, (B, n), in float64.</param>
    /// <param name="isGiven">Whether a user gave them, rather than a solver.</param>
    public CheckReport Run(IReadOnlyList<Tensor> inputs, Tensor y, bool isGiven)
    {
        var points = new List<PointCheck>();
        for (var b = 0; b < y.size(0); b++)
        {
            using var scope = NewDisposeScope();
            var own = inputs.Select(input => input.narrow(0, input.size(0) == 1 ? 0 : b, 1)).ToArray();
            var at = y.narrow(0, b, 1);
            // A solver that found nothing finite leaves no point to look at.
            var isFound = at.isfinite().all().item<bool>();
            if (!isFound)
                at = zeros_like(at);
            points.Add(new ProblemCheck(info, bind, own, at).Run(method, b, isGiven ? "the point given" : isFound ? "the minimiser" : "zero, as no minimiser was found"));
            if (!isGiven)
                points.Add(new ProblemCheck(info, bind, own, Near(own, at)).Run(method, b, "a point near it"));
        }
        return new(info.Name, points);
    }

    private Tensor Near(Tensor[] own, Tensor at)
    {
        var problem = bind(own);
        var size = at.abs().mean().item<double>() + 0.5;
        var direction = new Directions().Normal(1, at.size(-1));
        for (var k = 0; k < Halvings; k++, size /= 2)
        {
            using Scalar distance = size.ToScalar();
            var near = at.add(direction * distance, Scalars.One);
            if (problem.Gradient(near).isfinite().all().item<bool>())
                return near;
        }
        return at;
    }
}
