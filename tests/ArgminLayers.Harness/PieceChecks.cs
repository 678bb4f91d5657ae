using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness;

/// <summary>Takes a value of generated code, the value it should have, and what it is.</summary>
public delegate void PieceComparison(Tensor actual, Tensor expected, string what);

/// <summary>Compares a layer's pieces with autograd at a point.</summary>
public sealed partial class PieceChecks
{
    private const double Tolerance = 1e-10;
    private readonly Layer layer;
    private readonly PieceComparison comparison;

    private PieceChecks(Layer layer, PieceComparison comparison)
    {
        this.layer = layer;
        this.comparison = comparison;
    }

    /// <summary>A single problem at a random point: every piece against autograd of the objective.</summary>
    public static void Check(Layer layer, int seed, IReadOnlyDictionary<string, long> extents) => Check(layer, seed, k => Draw(layer, k, extents, []));

    /// <summary>A single problem at the point that is drawn from a seed: every piece against autograd of the objective.</summary>
    public static void Check(Layer layer, int seed, Func<int, Dictionary<string, object>> draw)
    {
        var arguments = draw(seed);
        Check(layer, arguments, Direction((Tensor)arguments[VariableOf(layer)], seed), ShouldBeClose);
    }

    /// <summary>A single problem at a point: every piece against autograd of the objective.</summary>
    public static void Check(Layer layer, Dictionary<string, object> arguments, Tensor direction, PieceComparison comparison) =>
        new PieceChecks(layer, comparison).Check(arguments, direction);

    /// <summary>A batch at a random point, one input of it shared: each result is that of its problem.</summary>
    public static void CheckBatch(Layer layer, int seed, IReadOnlyDictionary<string, long> extents) => CheckBatch(layer, seed, k => Draw(layer, k, extents, []));

    /// <summary>A batch of problems that are drawn from seeds, one input of it shared: each result is that of its problem.</summary>
    public static void CheckBatch(Layer layer, int seed, Func<int, Dictionary<string, object>> draw)
    {
        const int Batch = 3;
        CheckBatch(layer, Enumerable.Range(0, Batch).Select(k => draw((100 * seed) + k)).ToList(), InputsOf(layer)[seed % InputsOf(layer).Count], seed, ShouldBeClose);
    }

    /// <summary>A batch of the given problems, one input of it shared: each result is that of its problem, along directions that are drawn from the seed.</summary>
    public static void CheckBatch(Layer layer, IReadOnlyList<Dictionary<string, object>> problems, string shared, int seed, PieceComparison comparison) =>
        new PieceChecks(layer, comparison).CheckBatch(problems, shared, seed);

    private void Check(Dictionary<string, object> arguments, Tensor direction)
    {
        var variable = VariableOf(layer);
        var y = (Tensor)arguments[variable];
        foreach (var tensor in arguments.Values.OfType<Tensor>())
        {
            tensor.requires_grad = true;
        }

        var objective = layer.EvaluateObjective(arguments);
        var gradient = Autograd.Gradient(objective, y, create: true);
        var hessian = Autograd.Hessian(objective, y);
        var n = y.numel();
        Equal(layer.Evaluate("Objective", arguments), objective, "Objective");
        Equal(layer.Evaluate("Gradient", arguments), gradient, "Gradient");
        Equal(layer.Evaluate("Hessian", arguments).reshape(n, n), hessian, "Hessian");
        Equal(layer.Evaluate("HessianDiagonal", arguments).reshape(n), hessian.diagonal(), "HessianDiagonal");

        Equal(layer.Evaluate("HessianVectorProduct", With(arguments, ("direction", direction))).reshape(n), hessian.mv(direction.reshape(n)), "HessianVectorProduct");

        var inputs = InputsOf(layer);
        var wanted = inputs.Select(_ => true).ToArray();
        var products = (Tensor[])layer.Call("MixedVjp", With(arguments, (LambdaOf(layer), direction), ("wanted", wanted)));
        var contracted = gradient.mul(direction).sum();
        for (var k = 0; k < inputs.Count; k++)
        {
            Equal(products[k], Autograd.Gradient(contracted, (Tensor)arguments[inputs[k]]), "MixedVjp " + inputs[k]);
            var only = inputs.Select((_, i) => i == k).ToArray();
            var single = (Tensor?[])layer.Call("MixedVjp", With(arguments, (LambdaOf(layer), direction), ("wanted", only)));
            Equal(single[k]!, products[k], "MixedVjp alone " + inputs[k]);
            single.Count(product => product is not null).ShouldBe(1);
        }

        if (layer.Has("Blocks"))
        {
            CheckBlocks(arguments, y, hessian);
        }

        if (layer.Has("Kronecker"))
        {
            Equal(Whole((KroneckerFactors)layer.Call("Kronecker", arguments)), hessian, "Kronecker");
        }

        if (layer.Has("Pieces"))
        {
            CheckPieces(arguments, y, direction);
        }

        if (layer.Has("Factors"))
        {
            var factors = (HessianFactors)layer.Call("Factors", arguments);
            var low = factors.Rows.transpose(-2, -1).matmul(factors.Weights.unsqueeze(-1).mul(factors.Rows));
            Equal(factors.Diagonal.expand(n).diag().add(low), hessian, "Factors");
        }

        if (layer.Has("MixedVjpAt"))
        {
            CheckPredictor(arguments, y, direction, objective, gradient, hessian, products);
        }

        CheckDifferentiable(arguments, y, hessian, direction);
        CheckProblem(arguments, y, direction, gradient, hessian, products);
        CheckClaims(arguments, y, hessian);
    }

    /// <summary>The blocks put in their places, one by one.</summary>
    private void CheckBlocks(IReadOnlyDictionary<string, object> arguments, Tensor y, Tensor hessian)
    {
        var blocks = layer.Evaluate("Blocks", arguments);
        var isByColumn = layer.Info.Structure == HessianStructure.ColumnBlocks;
        var (columns, m) = (y.size(1), blocks.size(-1));
        var whole = zeros_like(hessian);
        for (var k = 0L; k < y.numel() / m; k++)
        {
            long Place(long i) => isByColumn ? (i * columns) + k : (k * columns) + i;
            for (var i = 0L; i < m; i++)
            {
                for (var j = 0L; j < m; j++)
                {
                    whole[Place(i), Place(j)] = blocks[blocks.size(0) == 1 ? 0 : k, i, j];
                }
            }
        }

        Equal(whole, hessian, "Blocks");
    }

    /// <summary>S ⊗ I + I ⊗ R or S ⊗ R, and μI.</summary>
    private static Tensor Whole(KroneckerFactors factors)
    {
        var (n, m) = (factors.Rows.size(-1), factors.Columns.size(-1));
        Tensor Product(Tensor rows, Tensor columns) => (rows.unsqueeze(-2).unsqueeze(-1) * columns.unsqueeze(-2).unsqueeze(-4)).flatten(-4, -3).flatten(-2, -1);
        Tensor Identity(long extent) => eye(extent, dtype: factors.Rows.dtype);
        var whole = factors.IsSum ? Product(factors.Rows, Identity(m)) + Product(Identity(n), factors.Columns) : Product(factors.Rows, factors.Columns);
        return factors.Shift is { } shift ? whole + (shift.unsqueeze(-1).unsqueeze(-1) * Identity(n * m)) : whole;
    }

    /// <summary>The factors with the given batch dimensions, which those that every problem shares may lack.</summary>
    private static KroneckerFactors Spread(KroneckerFactors factors, long[] batch) => new(
        factors.IsSum, factors.Rows.expand([.. batch, .. factors.Rows.shape[^2..]]), factors.Columns.expand([.. batch, .. factors.Columns.shape[^2..]]), factors.Shift?.expand(batch));

    /// <summary>Points with equal pieces have equal Hessians where the objective is quadratic on each, and a point too near to cross has its own.</summary>
    private void CheckPieces(Dictionary<string, object> arguments, Tensor y, Tensor direction)
    {
        var pieces = layer.Evaluate("Pieces", arguments);
        (pieces.dtype, pieces.dim()).ShouldBe((ScalarType.Bool, 1L), "Pieces");
        var isPiecewiseQuadratic = layer.Bind(arguments).IsPiecewiseQuadratic;
        var hessian = layer.Evaluate("Hessian", arguments);
        foreach (var length in new[] { 1e-9, 0.1, 1.0 })
        {
            var moved = With(arguments, (VariableOf(layer), y.detach() + (length * direction)));
            if (isPiecewiseQuadratic && layer.Evaluate("Pieces", moved).eq(pieces).all().item<bool>())
            {
                Equal(layer.Evaluate("Hessian", moved), hessian, "the Hessian on the same piece");
            }
        }
    }

    /// <summary>The problem as the solvers see it: y flat, in a batch of one.</summary>
    private void CheckProblem(Dictionary<string, object> arguments, Tensor y, Tensor direction, Tensor gradient, Tensor hessian, Tensor[] products)
    {
        var problem = layer.Bind(arguments);
        var n = y.numel();
        var (point, flat) = (y.detach().reshape(1, n), direction.reshape(1, n));
        problem.Info.ShouldBeSameAs(layer.Info);
        Equal(problem.Objective(point), layer.EvaluateObjective(arguments).reshape(1), "the problem's Objective");
        Equal(problem.Gradient(point), gradient.reshape(1, n), "the problem's Gradient");
        Equal(problem.HessianVectorProduct(point, flat), hessian.mv(direction.reshape(n)).unsqueeze(0), "the problem's HessianVectorProduct");
        Equal(problem.HessianDiagonal(point), hessian.diagonal().unsqueeze(0), "the problem's HessianDiagonal");
        Equal(problem.Hessian(point), hessian.unsqueeze(0), "the problem's Hessian");
        var mixed = problem.MixedVjp(point, flat, products.Select(_ => true).ToArray());
        for (var k = 0; k < products.Length; k++)
        {
            Equal(mixed[k]!, products[k].unsqueeze(0), $"the problem's MixedVjp, {k}");
        }

        if (layer.Has("Blocks"))
        {
            var blocks = problem.Blocks(point)!;
            blocks.dim().ShouldBe(4, "the problem's Blocks");
            blocks.size(0).ShouldBe(1, "the problem's Blocks");
            Equal(blocks, layer.Evaluate("Blocks", arguments).unsqueeze(0), "the problem's Blocks");
        }

        if (layer.Has("Kronecker"))
        {
            var factors = problem.Kronecker(point)!;
            (factors.Rows.dim(), factors.Columns.dim(), factors.Shift?.dim() ?? 1).ShouldBe((3L, 3L, 1L), "the problem's Kronecker");
            Equal(Whole(Spread(factors, [1])), hessian.unsqueeze(0), "the problem's Kronecker");
        }

        if (layer.Info.Structure == HessianStructure.DiagonalPlusLowRank)
        {
            var factors = problem.Factors(point)!;
            (factors.Diagonal.dim(), factors.Rows.dim(), factors.Weights.dim()).ShouldBe((2, 3, 2), "the problem's Factors");
            var low = factors.Rows.transpose(-2, -1).matmul(factors.Weights.unsqueeze(-1).mul(factors.Rows));
            Equal(factors.Diagonal.expand(1, n).diag_embed().add(low), hessian.unsqueeze(0), "the problem's Factors");
        }
    }

    /// <summary>What the compiler claims holds at this point.</summary>
    private void CheckClaims(Dictionary<string, object> arguments, Tensor y, Tensor hessian)
    {
        var n = (int)y.numel();
        var info = layer.Info;
        if (info.Curvature != Curvature.Unknown)
        {
            linalg.eigvalsh(hessian).min().ToDouble().ShouldBeGreaterThan(info.Curvature == Curvature.Convex ? -1e-9 : 1e-9, "claimed convex");
        }

        var diagonal = hessian.diagonal();
        if (info.Structure is HessianStructure.Diagonal or HessianStructure.ScaledIdentity)
        {
            Equal(diagonal.diag(), hessian, "claimed diagonal");
        }

        if (info.Structure == HessianStructure.ScaledIdentity)
        {
            Equal(diagonal, diagonal[0].expand(n), "claimed a multiple of the identity");
        }

        var elsewhere = With(arguments, (VariableOf(layer), y.detach().mul(-3).add(0.7)));
        if (info.HasConstantHessian)
        {
            Equal(layer.Evaluate("Hessian", elsewhere).reshape(n, n), hessian, "claimed constant");
        }
    }

    private void CheckBatch(IReadOnlyList<Dictionary<string, object>> single, string shared, int seed)
    {
        var variable = VariableOf(layer);
        var batched = single[0].ToDictionary(pair => pair.Key, pair => pair.Key == shared ? pair.Value
            : pair.Value is Tensor ? stack(single.Select(one => (Tensor)one[pair.Key]).ToArray()) : pair.Value);
        foreach (var one in single)
        {
            foreach (var name in one.Keys.Where(name => name == shared || one[name] is not Tensor).ToList())
            {
                one[name] = single[0][name];
            }
        }

        var directions = single.Select((one, k) => Direction((Tensor)one[variable], seed + k)).ToList();
        void Compare(string piece, Func<Dictionary<string, object>, Tensor, object> evaluate)
        {
            var whole = evaluate(batched, stack(directions.ToArray()));
            for (var k = 0; k < single.Count; k++)
            {
                var part = evaluate(single[k], directions[k]);
                if (whole is Tensor tensor)
                {
                    Equal(tensor[k], (Tensor)part, piece);
                    continue;
                }

                for (var i = 0; i < ((Tensor[])whole).Length; i++)
                {
                    Equal(((Tensor[])whole)[i][k], ((Tensor[])part)[i], piece);
                }
            }
        }

        foreach (var piece in new[] { "Objective", "Gradient", "Hessian", "HessianDiagonal" })
        {
            Compare(piece, (arguments, _) => layer.Evaluate(piece, arguments));
        }

        if (layer.Has("Kronecker"))
        {
            Compare("Kronecker", (arguments, _) => Whole(Spread((KroneckerFactors)layer.Call("Kronecker", arguments), ((Tensor)arguments[variable]).shape[..^2])));
        }

        Compare("HessianVectorProduct", (arguments, direction) => layer.Evaluate("HessianVectorProduct", With(arguments, ("direction", direction))));
        Compare("MixedVjp", (arguments, direction) => layer.Call(
            "MixedVjp", With(arguments, (LambdaOf(layer), direction), ("wanted", InputsOf(layer).Select(_ => true).ToArray()))));
    }

    /// <summary>In float32 every piece returns float32, and leaves its result in the caller's scope and nothing else.</summary>
    public static void CheckMemory(Layer layer, IReadOnlyDictionary<string, long> extents)
    {
        var arguments = Draw(layer, 1, extents, [2]).ToDictionary(
            pair => pair.Key, pair => pair.Value is Tensor tensor ? tensor.to(ScalarType.Float32) : pair.Value);
        var direction = Direction((Tensor)arguments[VariableOf(layer)], 1);
        var wanted = InputsOf(layer).Select(_ => true).ToArray();
        var all = With(arguments, ("direction", direction), (LambdaOf(layer), direction), ("wanted", wanted));
        foreach (var piece in new[] { "Objective", "Gradient", "HessianVectorProduct", "HessianDiagonal", "Hessian", "MixedVjp" })
        {
            using var scope = NewDisposeScope();
            var result = layer.Call(piece, all);
            var tensors = result as Tensor[] ?? [(Tensor)result];
            tensors.ShouldAllBe(tensor => tensor.dtype == ScalarType.Float32, piece);
            scope.DisposablesCount.ShouldBe(tensors.Length, piece);
        }
    }

    /// <summary>The form ½ρ‖y‖² + cᵀy + φ(Ay + b) as the solvers see it, in a batch of one.</summary>
    private void CheckPredictor(Dictionary<string, object> arguments, Tensor y, Tensor lambda, Tensor objective, Tensor gradient, Tensor hessian, Tensor[] products)
    {
        var problem = (LinearPredictorProblem)layer.Bind(arguments);
        var (point, direction) = (y.detach().reshape(1, -1), lambda.reshape(1, -1));
        problem.Predictors.dim().ShouldBe(3, "Predictors");
        var (rows, rho, linear, offset) = (InAllColumns(problem), problem.Rho(), problem.Linear(), problem.Offset());
        (linear?.dim() ?? 2).ShouldBe(2, "Linear");
        (offset?.dim() ?? 2).ShouldBe(2, "Offset");
        Tensor Multiply(Tensor vector) => rows.matmul(vector.unsqueeze(-1)).squeeze(-1);
        var z = (offset is null ? Multiply(point) : Multiply(point) + offset).detach();
        z.requires_grad = true;
        var phi = problem.Phi(z);
        phi.shape.ShouldBe([1]);
        rho.shape.ShouldBe([1]);
        var slope = Autograd.Gradient(phi.sum(), z, create: true);
        var quadratic = 0.5 * rho * point.square().sum(-1) + (linear is null ? 0 : (linear * point).sum(-1));
        var whole = quadratic + phi;

        // A summand without y that φ does not carry is a constant of the quadratic.
        Equal(whole.reshape([]), objective.sub(Constant(arguments, problem)), "the form");
        Equal((rho * point + (linear ?? zeros_like(point)) + slope.unsqueeze(-2).matmul(rows).squeeze(-2)).squeeze(0), gradient.reshape(-1), "the form's gradient");
        Equal(problem.PhiGradient(z), slope, "PhiGradient");
        var second = Autograd.Hessian(phi.sum(), z);
        Equal(problem.PhiCurvature(z).squeeze(0), second.diagonal(), "PhiCurvature");
        Equal(problem.PhiHessian(z).squeeze(0), second, "PhiHessian");
        var together = problem.PhiDerivatives(z);
        Equal(together.Gradient, slope, "PhiDerivatives, φ′");
        Equal(together.Curvature.squeeze(0), second.diagonal(), "PhiDerivatives, φ″");
        Equal((rows.transpose(-2, -1).matmul(problem.PhiHessian(z)).matmul(rows) + rho * eye(y.numel(), dtype: y.dtype)).squeeze(0), hessian, "the form's Hessian");

        var zeta = Multiply(direction);
        var at = new LinearPredictorPoint(point, direction, z, zeta, slope, zeta.matmul(second));
        var fromSolver = problem.MixedVjp(at, products.Select(_ => true).ToArray());
        for (var k = 0; k < products.Length; k++)
        {
            Equal(fromSolver[k]!.squeeze(0), products[k], $"MixedVjp of the form, {k}");
            var wanted = products.Select((_, other) => other == k).ToArray();
            var alone = problem.MixedVjp(problem.NeedsZeta(wanted) ? at : at with { Zeta = null }, wanted);
            Equal(alone[k]!.squeeze(0), products[k], $"MixedVjp of the form, {k} alone");
        }
    }

    /// <summary>The matrix between y and z as flat vectors, (1, K, n).</summary>
    private static Tensor InAllColumns(LinearPredictorProblem problem)
    {
        if (problem.Columns is not { } columns)
        {
            return problem.Predictors;
        }

        // A[r, s] δᵢⱼ, with i at the predictions and j at the variable.
        var (left, right) = (columns.LeadInPredictions ? "ir" : "ri", columns.LeadInVariable ? "js" : "sj");
        return einsum($"brs,ij->b{left}{right}", problem.Predictors, eye(columns.Count, dtype: ScalarType.Float64)).flatten(3, 4).flatten(1, 2);
    }

    /// <summary>What the form leaves out of the objective: its value at y = 0 beside φ(b).</summary>
    private Tensor Constant(Dictionary<string, object> arguments, LinearPredictorProblem problem)
    {
        var variable = VariableOf(layer);
        var atZero = With(arguments, (variable, zeros_like((Tensor)arguments[variable])));
        var z = problem.Offset() ?? zeros([1, InAllColumns(problem).size(-2)], dtype: ScalarType.Float64);
        return layer.EvaluateObjective(atZero) - problem.Phi(z).reshape([]);
    }

    /// <summary>Autograd can differentiate the pieces again.</summary>
    private void CheckDifferentiable(Dictionary<string, object> arguments, Tensor y, Tensor hessian, Tensor direction)
    {
        var n = y.numel();
        var again = Autograd.Gradient(layer.Evaluate("Gradient", arguments).mul(direction).sum(), y);
        Equal(again.reshape(n), hessian.mv(direction.reshape(n)), "autograd of Gradient");
    }

    private void Equal(Tensor actual, Tensor expected, string what)
    {
        actual.shape.ShouldBe(expected.shape, what);
        comparison(actual.detach(), expected.detach(), what);
    }

    internal static void ShouldBeClose(Tensor actual, Tensor expected, string what)
    {
        var difference = actual.sub(expected).norm().ToDouble();
        difference.ShouldBeLessThan(Tolerance * (1 + expected.norm().ToDouble()), what);
    }
}
