using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>A symmetric system Hx = b in 31 digits: its solution, and the conditions that rounding multiplies.</summary>
internal sealed class ExactSystem
{
    private readonly double[,] h;
    private readonly double[,] inverse;

    /// <summary>Solves it by Gauss and Jordan's elimination with pivots.</summary>
    /// <param name="h">H.</param>
    /// <param name="b">b.</param>
    public ExactSystem(DoubleDouble[,] h, double[] b)
    {
        var n = b.Length;
        var (left, right) = ((DoubleDouble[,])h.Clone(), new DoubleDouble[n, n + 1]);
        for (var i = 0; i < n; i++)
            (right[i, i], right[i, n]) = (1, b[i]);
        for (var k = 0; k < n; k++)
        {
            var pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(left[i, k].High));
            for (var j = 0; j < n; j++)
                (left[k, j], left[pivot, j]) = (left[pivot, j], left[k, j]);
            for (var j = 0; j <= n; j++)
                (right[k, j], right[pivot, j]) = (right[pivot, j], right[k, j]);
            foreach (var i in Enumerable.Range(0, n).Where(i => i != k && left[i, k].High != 0))
            {
                var part = left[i, k] / left[k, k];
                for (var j = k; j < n; j++)
                    left[i, j] -= part * left[k, j];
                for (var j = 0; j <= n; j++)
                    right[i, j] -= part * right[k, j];
            }
        }
        this.h = Filled(n, (i, j) => (double)h[i, j]);
        inverse = Filled(n, (i, j) => (double)(right[i, j] / left[i, i]));
        X = [.. Enumerable.Range(0, n).Select(i => (double)(right[i, n] / left[i, i]))];
    }

    /// <summary>x.</summary>
    public double[] X { get; }

    /// <summary>‖H‖ ‖H⁻¹‖.</summary>
    public double Condition => Norm(h) * Norm(inverse);

    /// <summary>The same of D⁻¹HD⁻¹ with D² = diag(H), which no scaling of the unknowns changes.</summary>
    public double ScaledCondition
    {
        get
        {
            var d = Enumerable.Range(0, X.Length).Select(i => Math.Sqrt(h[i, i])).ToArray();
            return Norm(Filled(X.Length, (i, j) => h[i, j] / (d[i] * d[j]))) * Norm(Filled(X.Length, (i, j) => inverse[i, j] * d[i] * d[j]));
        }
    }

    /// <summary>‖y − x‖ / ‖x‖.</summary>
    public double Error(Tensor y)
        => Math.Sqrt(Values(y).Zip(X, static (a, b) => (a - b) * (a - b)).Sum() / X.Sum(static b => b * b));

    /// <summary>The elements of a tensor.</summary>
    public static double[] Values(Tensor x) => x.detach().to(float64).contiguous().flatten().data<double>().ToArray();

    /// <summary>A matrix as it is.</summary>
    public static DoubleDouble[,] Matrix(Tensor x)
    {
        var (n, m, values) = ((int)x.shape[0], (int)x.shape[1], Values(x));
        var matrix = new DoubleDouble[n, m];
        for (var i = 0; i < n * m; i++)
            matrix[i / m, i % m] = values[i];
        return matrix;
    }

    private static double Norm(double[,] matrix)
    {
        using var scope = NewDisposeScope();
        var symmetric = tensor(matrix);
        return linalg.eigvalsh((symmetric + symmetric.transpose(0, 1)) * 0.5).abs().max().item<double>();
    }

    private static double[,] Filled(int n, Func<int, int, double> element)
    {
        var matrix = new double[n, n];
        for (var i = 0; i < n * n; i++)
            matrix[i / n, i % n] = element(i / n, i % n);
        return matrix;
    }
}
