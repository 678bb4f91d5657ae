namespace ArgminLayers.Hessians;

/// <summary>The extreme eigenvalues of a symmetric tridiagonal matrix, by bisection on Sturm's count.</summary>
internal static class Tridiagonal
{
    /// <summary>Halvings of an interval: three digits of an eigenvalue would do.</summary>
    private const int Halvings = 60;

    /// <summary>Largest eigenvalue over smallest; infinite where the smallest is not positive.</summary>
    /// <param name="diagonal">Tⱼⱼ.</param>
    /// <param name="beside">Tⱼ,ⱼ₊₁, at least as many as there are.</param>
    public static double Condition(IReadOnlyList<double> diagonal, IReadOnlyList<double> beside)
    {
        var bound = Bound(diagonal, beside);
        var smallest = Eigenvalue(diagonal, beside, 1, bound);
        return smallest > 0 ? Eigenvalue(diagonal, beside, diagonal.Count, bound) / smallest : double.PositiveInfinity;
    }

    /// <summary>The largest eigenvalue of a matrix that has a positive one; NaN or infinite where an element is.</summary>
    /// <param name="diagonal">Tⱼⱼ.</param>
    /// <param name="beside">Tⱼ,ⱼ₊₁, at least as many as there are.</param>
    public static double Largest(IReadOnlyList<double> diagonal, IReadOnlyList<double> beside)
    {
        var bound = Bound(diagonal, beside);
        return double.IsFinite(bound) ? Eigenvalue(diagonal, beside, diagonal.Count, bound) : bound;
    }

    /// <summary>What no eigenvalue is above (Gershgorin).</summary>
    private static double Bound(IReadOnlyList<double> diagonal, IReadOnlyList<double> beside)
        => Enumerable.Range(0, diagonal.Count).Aggregate(0.0, (bound, j) => Math.Max(bound, Math.Abs(diagonal[j]) + (j > 0 ? beside[j - 1] : 0) + (j < diagonal.Count - 1 ? beside[j] : 0)));

    /// <summary>The index-th eigenvalue in increasing order, in [0, bound], to a relative precision.</summary>
    private static double Eigenvalue(IReadOnlyList<double> diagonal, IReadOnlyList<double> beside, int index, double bound)
    {
        var (low, high) = (bound * 1e-20, bound * 2);
        if (Below(diagonal, beside, low) >= index)
            return 0;
        for (var step = 0; step < Halvings; step++)
        {
            // In the geometric middle: small eigenvalues count as much as large ones.
            var middle = Math.Sqrt(low * high);
            if (Below(diagonal, beside, middle) >= index)
                high = middle;
            else
                low = middle;
        }
        return high;
    }

    /// <summary>How many eigenvalues are below x: the negative pivots of T − xI.</summary>
    private static int Below(IReadOnlyList<double> diagonal, IReadOnlyList<double> beside, double x)
    {
        var (count, pivot) = (0, 1.0);
        for (var j = 0; j < diagonal.Count; j++)
        {
            pivot = diagonal[j] - x - (j > 0 ? beside[j - 1] * beside[j - 1] / pivot : 0);
            if (pivot == 0)
                pivot = -double.Epsilon;
            if (pivot < 0)
                count++;
        }
        return count;
    }
}
