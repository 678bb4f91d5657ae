using ArgminLayers.Batching;
using ArgminLayers.Hessians;
using ArgminLayers.Predictors;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Checking;

/// <summary>Compares every piece of one problem at one point with differences of the objective's value, and the claims about it with its Hessian.</summary>
internal sealed class ProblemCheck
{
    private const string Values = "differences of the objective";
    private const string Gradients = "differences of the gradient";

    /// <summary>How many directions are looked at; all coordinates where y has no more numbers.</summary>
    private const int Rows = 12;

    /// <summary>The directions that the value is differentiated twice along, in pairs, and the pairs of λ and dx of an input.</summary>
    private const int PairRows = 8;
    private const int MixedRows = 6;

    /// <summary>The largest y whose dense Hessian is formed.</summary>
    private const int LargestDense = 512;

    /// <summary>The relative error of values that must be equal up to rounding.</summary>
    private const double Rounding = 1e-9;

    private readonly ObjectiveInfo info;
    private readonly IReadOnlyList<Tensor> inputs;
    private readonly PointProbe at;
    private readonly Directions draw = new();
    private readonly List<PieceComparison> comparisons = [];
    private readonly bool mayHaveKinks;
    private readonly long[] variableShape;

    /// <param name="info">What the compiler claims.</param>
    /// <param name="bind">Binds inputs to the objective.</param>
    /// <param name="inputs">The problem's inputs, (1, own extents…), in float64.</param>
    /// <param name="y">The point, (1, n), in float64.</param>
    public ProblemCheck(ObjectiveInfo info, Func<IReadOnlyList<Tensor>, ArgminProblem> bind, IReadOnlyList<Tensor> inputs, Tensor y)
    {
        this.info = info;
        this.inputs = inputs;
        at = new PointProbe(bind, inputs, y);
        variableShape = BatchLayout.Of(info, inputs).VariableShape;
        mayHaveKinks = info.Smoothness != Smoothness.TwiceContinuous;
    }

    /// <summary>Runs every comparison.</summary>
    /// <param name="method">The objective as it is written, for one y and one set of inputs.</param>
    /// <param name="problem">The problem's place in the batch.</param>
    /// <param name="point">What point it is.</param>
    public PointCheck Run(Func<Tensor, IReadOnlyList<Tensor>, Tensor> method, int problem, string point)
    {
        using var scope = NewDisposeScope();
        var n = at.Y.size(-1);
        using Scalar reach = at.Reach.ToScalar();
        var directions = (n <= Rows ? eye(n, dtype: ScalarType.Float64) : draw.Unit(Rows, n)) * reach;
        CompareObjective(method, directions);
        var gradient = at.Problem.Gradient(at.Y);
        Compare(at.Gradient(directions), "Gradient", (problem, y) => directions.matmul(problem.Gradient(y).transpose(0, 1)), Values, isSmooth: true);

        var ladder = at.HessianFromGradient(directions);
        Compare(ladder, "HessianVectorProduct", (problem, y) => problem.HessianVectorProduct(y.expand(directions.size(0), -1), directions));
        CompareWithValues(directions.narrow(0, 0, Math.Min(PairRows, directions.size(0))));
        CompareDiagonal(n, reach);
        if (at.Problem.Factors(at.Y) is not null)
            Compare(ladder, "Factors", (problem, y) => Times(problem.Factors(y)!, directions));
        var (smallest, largest) = CompareDense(ladder, directions, n);
        // A length is a count: nothing depends on it smoothly.
        foreach (var k in Enumerable.Range(0, inputs.Count).Where(k => info.Inputs[k].LengthOf is null))
            CompareMixed(k, n);
        if (at.Problem is LinearPredictorProblem linear)
            ComparePredictors(linear, ladder, directions, gradient);

        var residual = RowNorm.Of(gradient).item<double>();
        return new(problem, point, residual, smallest, largest, ladder.Kinks, comparisons);
    }

    private void Compare(DifferenceLadder ladder, string name, Func<ArgminProblem, Tensor, Tensor> piece, string against = Gradients, bool isSmooth = false)
        => comparisons.Add(ladder.Compare(name, against, piece(at.Problem, at.Y), () => at.Rounding(piece), mayHaveKinks && !isSmooth));

    /// <summary>The compiled value with that of the method itself, at the point and around it.</summary>
    private void CompareObjective(Func<Tensor, IReadOnlyList<Tensor>, Tensor> method, Tensor directions)
    {
        using Scalar half = 0.5.ToScalar();
        var points = cat([at.Y, at.Y.add(directions * half, Scalars.One)], 0);
        var own = RaggedInputs.Cut(info, [.. inputs.Select(static input => input.squeeze(0))]);
        var written = stack(Enumerable.Range(0, (int)points.size(0)).Select(row => Written(method, points[row], own)));
        Equal("Objective", "the method as it is written", at.Values(points).squeeze(-1), written);
    }

    private Tensor Written(Func<Tensor, IReadOnlyList<Tensor>, Tensor> method, Tensor y, Tensor[] own)
    {
        using var scope = NewDisposeScope();
        return method(y.reshape(variableShape), own).reshape([]).MoveToOuterDisposeScope();
    }

    private void CompareWithValues(Tensor directions)
    {
        var (first, second) = (new List<long>(), new List<long>());
        for (var i = 0; i < directions.size(0); i++)
        {
            for (var j = i; j < directions.size(0); j++)
            {
                first.Add(i);
                second.Add(j);
            }
        }
        var (left, right) = (tensor(first.ToArray()), tensor(second.ToArray()));
        var (d, e) = (directions.index_select(0, left), directions.index_select(0, right));
        Compare(at.HessianFromValues(d, e), "HessianVectorProduct", (problem, y) => (problem.HessianVectorProduct(y.expand(d.size(0), -1), d) * e).sum(dim: -1, keepdim: true), Values);
    }

    private void CompareDiagonal(long n, Scalar reach)
    {
        var picked = tensor(Enumerable.Range(0, (int)Math.Min(n, Rows)).Select(k => k * n / Math.Min(n, Rows)).ToArray());
        var coordinates = zeros([picked.size(0), n], dtype: ScalarType.Float64).scatter(1, picked.unsqueeze(-1), ones([picked.size(0), 1], dtype: ScalarType.Float64)) * reach;
        // Only the element on the diagonal is compared: the rest of the row is left out on both sides.
        Compare(at.HessianFromGradient(coordinates).At(picked), "HessianDiagonal", (problem, y) => (coordinates * problem.HessianDiagonal(y)).gather(1, picked.unsqueeze(-1)));
    }

    /// <summary>H times rows of directions by its factors, (R, n).</summary>
    private static Tensor Times(HessianFactors factors, Tensor directions)
        => (directions * factors.Diagonal).add((directions.matmul(factors.Rows[0].transpose(0, 1)) * factors.Weights).matmul(factors.Rows[0]), Scalars.One);

    private (double Smallest, double Largest) CompareDense(DifferenceLadder ladder, Tensor directions, long n)
    {
        if (n > LargestDense)
        {
            comparisons.Add(new("Hessian", Gradients, Agreement.NotCompared, double.NaN, double.NaN));
            return (double.NaN, double.NaN);
        }
        var hessian = at.Problem.Hessian(at.Y)[0];
        Compare(ladder, "Hessian", (problem, y) => directions.matmul(problem.Hessian(y)[0].transpose(0, 1)));
        if (at.Problem.Blocks(at.Y) is { } blocks)
            Equal("Blocks", "Hessian", DenseHessian.Of(blocks, n, info.Structure)[0], hessian);
        if (at.Problem.Kronecker(at.Y) is { } kronecker)
            Equal("Kronecker", "Hessian", DenseHessian.Of(kronecker)[0], hessian);
        Equal("Hessian", "its transpose", hessian, hessian.transpose(0, 1));
        if (!hessian.isfinite().all().item<bool>())
            return (double.NaN, double.NaN);
        var eigenvalues = Host.Rows(linalg.eigvalsh(hessian))[0];
        var (smallest, largest) = (eigenvalues[0], eigenvalues[^1]);
        CompareClaims(hessian, smallest, largest);
        return (smallest, largest);
    }

    /// <summary>What the compiler claims, with the Hessian here: false is a difference, true proves nothing.</summary>
    private void CompareClaims(Tensor hessian, double smallest, double largest)
    {
        var rounding = Rounding * Math.Max(Math.Abs(smallest), Math.Abs(largest));
        if (info.Curvature != Curvature.Unknown)
        {
            var holds = info.Curvature == Curvature.Convex ? smallest >= -rounding : smallest > -rounding && largest > 0;
            comparisons.Add(new($"Claim {info.Curvature}", "the Hessian's eigenvalues", holds ? Agreement.Agrees : Agreement.Differs, Math.Max(0, -smallest) / Math.Max(largest, double.Epsilon), double.NaN));
        }
        var diagonal = hessian.diagonal();
        if (info.Structure is HessianStructure.Diagonal or HessianStructure.ScaledIdentity)
            Equal($"Claim {info.Structure}", "the Hessian", diag_embed(info.Structure == HessianStructure.Diagonal ? diagonal : diagonal.mean().expand_as(diagonal)), hessian);
        if (info.HasConstantHessian)
        {
            using Scalar reach = at.Reach.ToScalar();
            Equal("Claim constant Hessian", "the Hessian elsewhere", hessian, at.Problem.Hessian(at.Y.add(draw.Normal(1, at.Y.size(-1)) * reach, Scalars.One))[0]);
        }
    }

    private void CompareMixed(int k, long n)
    {
        using var scope = NewDisposeScope();
        var x = inputs[k];
        var name = info.Inputs[k].Name;
        var lambda = draw.Unit(MixedRows, n);
        using Scalar reach = Math.Max(1, x.abs().max().item<double>()).ToScalar();
        // Elements that promise a sign keep it: they move in proportion to their size.
        var size = info.Inputs[k].Promise == Promise.None ? ones_like(x) * reach : x;
        var directions = draw.Normal(MixedRows, x.numel()).reshape([MixedRows, .. x.shape.Skip(1)]) * size;
        var wanted = inputs.Select((_, other) => other == k).ToArray();
        Tensor Along(Tensor product) => (product.expand_as(directions) * directions).reshape(MixedRows, -1).sum(dim: -1, keepdim: true);
        var (fromGradient, fromValues) = at.Mixed(k, lambda, directions);
        Tensor Product(ArgminProblem problem, Tensor y) => Along(problem.MixedVjp(y.expand(MixedRows, -1), lambda, wanted)[k]!);
        Compare(fromGradient, $"MixedVjp {name}", Product);
        Compare(fromValues, $"MixedVjp {name}", Product, Values);
        if (at.Problem is LinearPredictorProblem)
            Compare(fromGradient, $"MixedVjpAt {name}", (problem, y) => Along(((LinearPredictorProblem)problem).MixedVjp(PredictorPoint((LinearPredictorProblem)problem, y, lambda, wanted), wanted)[k]!));
    }

    /// <summary>What a backward pass on the side of the predictors would give at a point.</summary>
    private static LinearPredictorPoint PredictorPoint(LinearPredictorProblem linear, Tensor y, Tensor lambda, IReadOnlyList<bool> wanted)
    {
        var spread = y.expand(lambda.size(0), -1);
        var z = linear.Predictions(spread);
        var zeta = PredictorMap.Of(linear.Predictors, linear.Columns).Times(lambda);
        var curved = linear.IsSeparable ? linear.PhiCurvature(z) * zeta : linear.PhiHessian(z).matmul(zeta.unsqueeze(-1)).squeeze(-1);
        return new(spread, lambda, z, linear.NeedsZeta(wanted) ? zeta : null, linear.PhiGradient(z), curved);
    }

    /// <summary>The parts of ½ρ‖y‖² + cᵀy + φ(Ay + b) with the whole.</summary>
    private void ComparePredictors(LinearPredictorProblem linear, DifferenceLadder ladder, Tensor directions, Tensor gradient)
    {
        var (rho, c) = (linear.Rho().unsqueeze(-1), linear.Linear());
        Tensor Whole(Tensor y)
        {
            var value = (y * y * rho).sum(dim: -1).mul(Scalars.Half).add(linear.Phi(linear.Predictions(y)), Scalars.One);
            return c is null ? value : value.add((c * y).sum(dim: -1), Scalars.One);
        }
        var around = at.Y.add(directions, Scalars.One);
        // Terms without y belong to no part, but their rounding stays.
        var (there, here) = (at.Problem.Objective(around), at.Problem.Objective(at.Y));
        Equal("Phi", "Objective", Whole(around).sub(Whole(at.Y)), there.sub(here), Largest(there, here));
        var (a, z) = (PredictorMap.Of(linear.Predictors, linear.Columns), linear.Predictions(at.Y));
        var phiGradient = linear.PhiGradient(z);
        var slope = (at.Y * rho).add(a.TransposedTimes(phiGradient), Scalars.One);
        var (diagonal, matrix) = (linear.PhiCurvature(z), linear.PhiHessian(z)[0]);
        // At a minimiser the parts cancel one another, those of Aᵀφ′ may do so too, and φ′ has what the rounding of Ay leaves of it.
        var absolute = a.Absolute();
        var terms = absolute.TransposedTimes(phiGradient.abs().add(absolute.Times(at.Y.abs()).matmul(matrix.abs()), Scalars.One));
        Equal("PhiGradient", "Gradient", c is null ? slope : slope.add(c, Scalars.One), gradient, Largest(at.Y * rho, terms));
        Compare(ladder, linear.IsSeparable ? "PhiCurvature" : "PhiHessian", (problem, y) => Times((LinearPredictorProblem)problem, y, directions));
        if (!linear.IsSeparable)
        {
            Equal("PhiCurvature", "PhiHessian", diagonal[0], matrix.diagonal());
            return;
        }
        var together = linear.PhiDerivatives(z);
        Equal("PhiDerivatives", "PhiGradient", together.Gradient, phiGradient);
        Equal("PhiDerivatives", "PhiCurvature", together.Curvature, diagonal);
    }

    /// <summary>H times rows of directions by φ″, (R, n).</summary>
    private static Tensor Times(LinearPredictorProblem linear, Tensor y, Tensor directions)
    {
        var (a, z) = (PredictorMap.Of(linear.Predictors, linear.Columns), linear.Predictions(y));
        var along = a.Times(directions);
        var weighted = linear.IsSeparable ? along * linear.PhiCurvature(z) : along.matmul(linear.PhiHessian(z)[0]);
        return (directions * linear.Rho().unsqueeze(-1)).add(a.TransposedTimes(weighted), Scalars.One);
    }

    private static double Largest(Tensor left, Tensor right) => Math.Max(left.abs().max().item<double>(), right.abs().max().item<double>());

    /// <summary>Values that must be equal up to rounding, relative to the largest of them or to what they were made of.</summary>
    private void Equal(string piece, string against, Tensor left, Tensor right, double atLeast = 0)
    {
        var values = Host.Rows(left.sub(right).abs().max().reshape(1), left.abs().max().reshape(1), right.abs().max().reshape(1));
        var (distance, size) = (values[0][0], Math.Max(Math.Max(values[1][0], values[2][0]), atLeast));
        var both = double.IsFinite(values[1][0]) && double.IsFinite(values[2][0]);
        // Where neither side is finite nothing can be said; where one is, it is a difference.
        var agreement = both ? distance <= Rounding * size ? Agreement.Agrees : Agreement.Differs
            : double.IsFinite(values[1][0]) || double.IsFinite(values[2][0]) ? Agreement.Differs : Agreement.NotCompared;
        comparisons.Add(new(piece, against, agreement, both ? distance / Math.Max(size, double.Epsilon) : double.NaN, double.NaN));
    }
}
