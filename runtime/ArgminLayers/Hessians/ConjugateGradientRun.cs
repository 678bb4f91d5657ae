using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>Conjugate gradients on B systems at once; a system that is done, or that met a direction without positive curvature, stands still while the others go on.</summary>
internal sealed class ConjugateGradientRun
{
    private readonly Func<Tensor, Tensor> times;
    private readonly Tensor b;
    private readonly Tensor diagonal;
    private readonly Tensor root;
    private readonly double tolerance;
    private readonly Tensor limit;
    private readonly List<(Tensor Alpha, Tensor Beta)> steps = [];
    private Tensor residual;
    private Tensor active;
    private Tensor flat;
    private Tensor smallest;
    private Tensor largest;

    /// <summary>Starts at x = 0. Every tensor lives in the caller's scope.</summary>
    /// <param name="times">d ↦ Hd.</param>
    /// <param name="b">The right-hand sides, (B, n).</param>
    /// <param name="diagonal">The preconditioner, (B, n), positive.</param>
    /// <param name="tolerance">Bound on ‖b − Hx‖/‖b‖.</param>
    public ConjugateGradientRun(Func<Tensor, Tensor> times, Tensor b, Tensor diagonal, double tolerance)
    {
        (this.times, this.b, this.diagonal, this.tolerance) = (times, b, diagonal, tolerance);
        using Scalar bound = tolerance.ToScalar();
        limit = Norm(b) * bound;
        root = diagonal.sqrt();
        X = zeros_like(b);
        residual = b;
        active = limit.gt(Scalars.Zero);
        flat = zeros_like(active);
        (smallest, largest) = (full_like(limit, Scalars.Infinity), zeros_like(limit));
        IsDone = !active.any().item<bool>();
    }

    /// <summary>x, (B, n).</summary>
    public Tensor X { get; private set; }

    /// <summary>The products with H so far.</summary>
    public int Products { get; private set; }

    /// <summary>Whether every system is solved, or met a direction without positive curvature.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Iterates from the true residual until all residuals are below the bound.</summary>
    /// <param name="most">The most products in all.</param>
    public void Iterate(int most)
    {
        var isFirst = Products == 0;
        var z = residual / diagonal;
        var p = z;
        var square = Dot(residual, z);
        for (var moving = active; Products < most && moving.any().item<bool>(); Products++)
        {
            var hp = times(p);
            var curvature = Dot(p, hp);
            var relative = curvature / Dot(p, diagonal * p);
            smallest = minimum(smallest, relative).where(moving, smallest);
            largest = maximum(largest, relative).where(moving, largest);
            var falls = moving.logical_and(curvature.gt(Scalars.Zero));
            flat = flat.logical_or(moving.logical_and(falls.logical_not()));
            // Without any step yet, the direction itself is one along which f falls.
            X = X.add(p.where(flat.logical_and(Norm(X).eq(Scalars.Zero)).unsqueeze(-1), zeros_like(p)), Scalars.One);
            var alpha = (square / curvature).where(falls, zeros_like(square));
            X = X.add(alpha.unsqueeze(-1) * p.where(falls.unsqueeze(-1), zeros_like(p)), Scalars.One);
            residual = residual.sub((alpha.unsqueeze(-1) * hp).where(falls.unsqueeze(-1), zeros_like(hp)));
            z = residual / diagonal;
            var next = Dot(residual, z);
            var beta = (next / square).where(falls, zeros_like(next));
            if (isFirst)
                steps.Add((alpha, beta));
            p = z.add(beta.unsqueeze(-1) * p, Scalars.One);
            square = next;
            moving = falls.logical_and(Norm(residual).gt(limit)).logical_and(square.sqrt().gt(Rounding()));
        }
        residual = b.sub(times(X));
        active = flat.logical_not().logical_and(Norm(residual).gt(limit)).logical_and(Norm(residual / root).gt(Rounding()));
        IsDone = !active.any().item<bool>();
    }

    /// <summary>How it went.</summary>
    public IterativeSolution Report()
    {
        var norms = Host.Rows(Norm(residual), Norm(b), smallest, largest, flat, Norm(residual / root), Rounding());
        var (size, part) = (norms[0].Length, 8 * Math.Sqrt(b.size(-1)));
        var precision = Precision.Of(b.dtype) * part;
        double[] residuals = [.. norms[0].Select((norm, i) => norm == 0 ? 0 : norm / norms[1][i])];
        bool IsSolved(int i) => residuals[i] <= tolerance || norms[5][i] <= part * norms[6][i];
        var definiteness = Enumerable.Range(0, size).Select(i => Classify(residuals[i], norms[2][i], norms[3][i], norms[4][i] != 0, precision, IsSolved(i))).ToArray();
        return new(residuals, definiteness, Conditions(size), tolerance);
    }

    /// <summary>What the rounding of x alone leaves of a residual, whatever is done (Rigal and Gaches 1967): ε‖S‖‖D½x‖, in the norm ‖D^−½r‖ of the preconditioned system.</summary>
    private Tensor Rounding() => largest * Norm(root * X) * Precision.ScalarOf(b.dtype);

    private static Definiteness Classify(double residual, double smallest, double largest, bool isFlat, double precision, bool isSolved)
    {
        if (!double.IsFinite(residual))
            return Definiteness.NotFinite;
        if (isFlat)
            return smallest < -precision * largest || largest <= 0 && smallest < 0 ? Definiteness.Indefinite : Definiteness.Singular;
        return isSolved ? Definiteness.Positive : Definiteness.Unsolved;
    }

    private double[] Conditions(int size)
    {
        if (steps.Count == 0)
            return [.. Enumerable.Repeat(1.0, size)];
        var rows = Host.Rows([.. steps.Select(static step => step.Alpha), .. steps.Select(static step => step.Beta)]);
        return [.. Enumerable.Range(0, size).Select(i => Condition(rows, i))];
    }

    private double Condition(double[][] rows, int problem)
    {
        var (diagonalOfT, besideT) = (new List<double>(), new List<double>());
        double carried = 0;
        for (var j = 0; j < steps.Count && rows[j][problem] > 0; j++)
        {
            var (alpha, beta) = (rows[j][problem], rows[steps.Count + j][problem]);
            diagonalOfT.Add((1 / alpha) + carried);
            besideT.Add(Math.Sqrt(beta) / alpha);
            carried = beta / alpha;
        }
        return diagonalOfT.Count == 0 ? 1 : Tridiagonal.Condition(diagonalOfT, besideT);
    }

    private static Tensor Dot(Tensor x, Tensor y) => (x * y).sum(dim: -1);

    private static Tensor Norm(Tensor x) => Dot(x, x).sqrt();
}
