using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>
/// κ of <c>S = D⁻¹HD⁻¹</c>, <c>D² = diag(H)</c>, from the factor of H: what rounding costs a solution by Cholesky's factor, which no scaling of y changes (Demmel 1989; van der Sluis 1969).
/// </summary>
/// <remarks>
/// The largest eigenvalues of S and of S⁻¹ by Lanczos' iteration, O(m²) a step: estimates from below, mostly within some percent, since a few products find an eigenvalue that stands apart, and
/// where none does any direction is good.
/// </remarks>
internal static class ScaledCondition
{
    private const int Steps = 8;

    /// <summary>The estimates, one entry a problem.</summary>
    /// <param name="factor">L of H = L Lᵀ, (B, K, m, m): the largest of K counts.</param>
    public static double[] Of(Tensor factor)
    {
        using var scope = NewDisposeScope();
        var d = (factor * factor).sum(dim: -1, keepdim: true).sqrt();
        var scaled = factor / d;
        var transposed = scaled.transpose(-2, -1);
        return Of(x => scaled.matmul(transposed.matmul(x)), x => x.cholesky_solve(scaled), d);
    }

    /// <summary>The same for H = diag(d) + Uᵀ diag(w) U.</summary>
    /// <param name="factors">d, U and w.</param>
    /// <param name="solve">b → H⁻¹b, (B, n).</param>
    /// <param name="like">A tensor (B, n).</param>
    public static double[] Of(HessianFactors factors, Func<Tensor, Tensor> solve, Tensor like)
    {
        using var scope = NewDisposeScope();
        var (diagonal, rows, weights) = factors;
        var d = diagonal.add((weights.unsqueeze(-1) * rows * rows).sum(dim: -2), Scalars.One).sqrt().expand_as(like);
        Tensor Product(Tensor x) => (diagonal * x).add(BatchedProducts.TransposedTimes(rows, weights * BatchedProducts.Times(rows, x)), Scalars.One);
        // One block of one column.
        static Tensor Vector(Tensor x) => x.squeeze(1).squeeze(-1);
        static Tensor Column(Tensor x) => x.unsqueeze(1).unsqueeze(-1);
        return Of(x => Column(Product(Vector(x) / d) / d), x => Column(d * solve(d * Vector(x))), Column(d));
    }

    /// <summary>The same from products with S and its inverse.</summary>
    private static double[] Of(Func<Tensor, Tensor> product, Func<Tensor, Tensor> solve, Tensor like)
    {
        var (largest, smallest) = (Lanczos(product, like), Lanczos(solve, like));
        var numbers = Host.Rows([.. largest.Concat(smallest).Select(static number => number.reshape(-1))]);
        var (batch, blocks) = ((int)like.size(0), (int)like.size(1));
        double Condition(int place) => Largest(numbers[..largest.Count], place) * Largest(numbers[largest.Count..], place);
        return [.. Enumerable.Range(0, batch).Select(b => Enumerable.Range(b * blocks, blocks).Max(Condition))];
    }

    /// <summary>The tridiagonal matrix of a symmetric map: its diagonal α₁ … αⱼ, then what stands beside it, β₁ … βⱼ₋₁, each (B, K).</summary>
    private static List<Tensor> Lanczos(Func<Tensor, Tensor> map, Tensor like)
    {
        var m = (int)like.size(-2);
        // A start that no eigenvector of a matrix that people write is orthogonal to.
        double[] start = [.. Enumerable.Range(1, m).Select(static i => Math.Sin(i))];
        var next = ones_like(like) * tensor(start).to(like.dtype).to(like.device).unsqueeze(-1);
        var beta = Length(next);
        var (x, before) = (next, next);
        var (alphas, betas) = (new List<Tensor>(), new List<Tensor>());
        for (var step = 0; step < Math.Min(Steps, m); step++)
        {
            (before, x) = (x, next / beta.clamp_min(Precision.SmallestOf(like.dtype)));
            var image = map(x);
            var alpha = (x * image).sum(dim: -2, keepdim: true);
            next = image.sub(alpha * x);
            if (step > 0)
            {
                next = next.sub(beta * before);
                betas.Add(beta);
            }
            alphas.Add(alpha);
            beta = Length(next);
        }
        return [.. alphas, .. betas];
    }

    /// <summary>The largest eigenvalue; NaN where a number is.</summary>
    private static double Largest(double[][] numbers, int place)
    {
        var steps = (numbers.Length + 1) / 2;
        return Tridiagonal.Largest([.. numbers[..steps].Select(row => row[place])], [.. numbers[steps..].Select(row => row[place])]);
    }

    // S and its inverse have eigenvalues between 1/κ and κ, whose squares neither overflow nor vanish where κ is a number that matters.
    private static Tensor Length(Tensor x) => (x * x).sum(dim: -2, keepdim: true).sqrt();
}
