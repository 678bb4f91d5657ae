namespace ArgminLayers.Tests;

/// <summary>
/// Rank pooling in 31 digits, without a line of the code under test: Newton's method on <c>a + φ′(Ka) = 0</c>, K = VVᵀ, with a search for the root of the slope along every step, until a full step
/// stays on its pieces. <c>u = Vᵀa</c>; with h from <c>(I + φ″K)h = φ″Vg</c> and λ = g − Vᵀh, <c>∂(gᵀu)/∂V = aλᵀ − huᵀ</c> and <c>∂(gᵀu)/∂t = h</c>.
/// </summary>
internal sealed class ExactRankPooling
{
    private readonly DoubleDouble[,] v;
    private readonly DoubleDouble[,] gram;
    private readonly double[] t;
    private readonly double[] weight;
    private readonly double cost;
    private readonly double epsilon;
    private readonly int count;
    private readonly int size;

    private ExactRankPooling(double[,] frames, double[] t, double[] weight, double cost, double epsilon)
    {
        (this.t, this.weight, this.cost, this.epsilon) = (t, weight, cost, epsilon);
        (count, size) = (frames.GetLength(0), frames.GetLength(1));
        v = new DoubleDouble[count, size];
        gram = new DoubleDouble[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k < size; k++)
                v[i, k] = frames[i, k];
        }
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
                gram[i, j] = Sum(size, k => v[i, k] * v[j, k]);
        }
    }

    /// <summary>u, ∂(gᵀu)/∂V and ∂(gᵀu)/∂t; and 1 + C Σ wₜ‖vₜ‖², which is at least the Hessian's condition and at most T times that.</summary>
    public sealed record Solution(double[] U, double[] FramesGradient, double[] TimesGradient, double Condition);

    public static Solution Solve(double[,] frames, double[] t, double[] weight, double cost, double epsilon, double[] g)
    {
        var problem = new ExactRankPooling(frames, t, weight, cost, epsilon);
        var a = problem.Minimise();
        var z = problem.TimesGram(a);
        var curvature = problem.Each(i => problem.Loss(i, z[i]).Curvature);
        var along = problem.Each(i => Sum(problem.size, k => problem.v[i, k] * g[k]));
        var h = problem.Divided(curvature, problem.Each(i => curvature[i] * along[i]));
        DoubleDouble U(int k) => Sum(problem.count, i => a[i] * problem.v[i, k]);
        DoubleDouble Lambda(int k) => g[k] - Sum(problem.count, i => h[i] * problem.v[i, k]);
        var (u, lambda) = (Enumerable.Range(0, problem.size).Select(U).ToArray(), Enumerable.Range(0, problem.size).Select(Lambda).ToArray());
        return new(
            [.. u.Select(static value => (double)value)],
            [.. Enumerable.Range(0, problem.count * problem.size).Select(j => (double)((a[j / problem.size] * lambda[j % problem.size]) - (h[j / problem.size] * u[j % problem.size])))],
            [.. h.Select(static value => (double)value)],
            1 + Enumerable.Range(0, problem.count).Sum(i => cost * weight[i] * (double)problem.gram[i, i]));
    }

    private DoubleDouble[] Minimise()
    {
        var a = Each(static _ => 0);
        for (var step = 0; step < 200; step++)
        {
            var z = TimesGram(a);
            var residual = Each(i => a[i] + Loss(i, z[i]).Slope);
            var direction = Divided(Each(i => Loss(i, z[i]).Curvature), Each(i => -residual[i]));
            var change = TimesGram(direction);
            if (Enumerable.Range(0, count).All(i => Loss(i, z[i]).Piece == Loss(i, z[i] + change[i]).Piece))
                return Each(i => a[i] + direction[i]);
            var (low, high) = (0.0, 1.0);
            double SlopeAt(double alpha) => (double)Sum(count, i => (a[i] + (direction[i] * alpha) + Loss(i, z[i] + (change[i] * alpha)).Slope) * change[i]);
            for (var halving = 0; halving < 100 && SlopeAt(1) > 0; halving++)
                (low, high) = SlopeAt((low + high) / 2) > 0 ? (low, (low + high) / 2) : ((low + high) / 2, high);
            a = Each(i => a[i] + (direction[i] * high));
        }
        throw new InvalidOperationException("The reference solution was not found.");
    }

    private (DoubleDouble Slope, DoubleDouble Curvature, int Piece) Loss(int i, DoubleDouble z)
    {
        var residual = z - t[i];
        var excess = DoubleDouble.Abs(residual) - epsilon;
        var c = (DoubleDouble)cost * weight[i];
        return excess.High < 0 || c.High == 0 ? (0, 0, 0) : (residual.High < 0 ? -(c * excess) : c * excess, c, Math.Sign(residual.High));
    }

    private DoubleDouble[] TimesGram(DoubleDouble[] x) => Each(i => Sum(count, j => gram[i, j] * x[j]));

    /// <summary>(I + diag(φ″) K)⁻¹ b by elimination with row exchanges.</summary>
    private DoubleDouble[] Divided(DoubleDouble[] curvature, DoubleDouble[] b)
    {
        var rows = Enumerable.Range(0, count).Select(i => Enumerable.Range(0, count).Select(j => (curvature[i] * gram[i, j]) + (i == j ? 1 : 0)).Append(b[i]).ToArray()).ToArray();
        for (var p = 0; p < count; p++)
        {
            var best = Enumerable.Range(p, count - p).MaxBy(i => Math.Abs(rows[i][p].High));
            (rows[p], rows[best]) = (rows[best], rows[p]);
            for (var i = p + 1; i < count; i++)
            {
                var factor = rows[i][p] / rows[p][p];
                for (var j = p; j <= count; j++)
                    rows[i][j] -= factor * rows[p][j];
            }
        }
        var x = new DoubleDouble[count];
        for (var i = count - 1; i >= 0; i--)
            x[i] = (rows[i][count] - Sum(count - i - 1, k => rows[i][i + 1 + k] * x[i + 1 + k])) / rows[i][i];
        return x;
    }

    private DoubleDouble[] Each(Func<int, DoubleDouble> element) => [.. Enumerable.Range(0, count).Select(element)];

    private static DoubleDouble Sum(int terms, Func<int, DoubleDouble> term)
    {
        DoubleDouble sum = 0;
        for (var i = 0; i < terms; i++)
            sum += term(i);
        return sum;
    }
}
