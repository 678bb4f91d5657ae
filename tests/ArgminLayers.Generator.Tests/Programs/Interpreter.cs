using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Tests.Programs;

/// <summary>An array of numbers, row-major.</summary>
internal sealed record NdArray(int[] Shape, double[] Data)
{
    public static NdArray Scalar(double value) => new([], [value]);

    public static NdArray Build(int[] shape, Func<int[], double> element) => new(shape, [.. Indices(shape).Select(element)]);

    public static IEnumerable<int[]> Indices(int[] shape)
    {
        var size = shape.Aggregate(1, (product, extent) => product * extent);
        for (var flat = 0; flat < size; flat++)
        {
            var index = new int[shape.Length];
            for (int k = shape.Length - 1, rest = flat; k >= 0; rest /= shape[k], k--)
            {
                index[k] = rest % shape[k];
            }

            yield return index;
        }
    }

    public double this[params int[] index]
    {
        get
        {
            var flat = 0;
            for (var k = 0; k < Shape.Length; k++)
            {
                flat = (flat * Shape[k]) + index[k];
            }

            return Data[flat];
        }
    }
}

/// <summary>Evaluates a program by its definition, element by element: the independent check of everything that rewrites programs.</summary>
internal sealed class Interpreter(IReadOnlyDictionary<string, int> extents, IReadOnlyDictionary<string, NdArray> inputs)
{
    public NdArray[] Run(Program program)
    {
        var values = Evaluate(program.Nodes);
        return [.. program.Outputs.Select(output => values[output])];
    }

    public NdArray[] Evaluate(IReadOnlyList<Node> nodes)
    {
        var values = new NdArray[nodes.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Evaluate(nodes[i], values);
        }

        return values;
    }

    private NdArray Evaluate(Node node, NdArray[] values)
    {
        int[] shape = [.. node.Axes.Select(Size)];
        double At(Factor factor, int[] labels) => values[factor.Value][[.. factor.Labels.Select(label => labels[label])]];
        switch (node)
        {
            case Input input:
                inputs[input.Name].Shape.ShouldBe(shape);
                return inputs[input.Name];
            case Constant constant:
                return NdArray.Scalar(constant.Value);
            case Delta:
                return NdArray.Build(shape, i => i[0] == i[1] ? 1 : 0);
            case Iota:
                return NdArray.Build(shape, i => i[0]);
            case ExtentValue extent:
                return NdArray.Scalar(Size(extent.Extent));
            case Elementwise f:
                return NdArray.Build(shape, i => Apply(f, values[f.Operand][i]));
            case Sum sum:
                return NdArray.Build(shape, i => sum.Terms.Sum(term => term.Coefficient * At(new Factor(term.Value, term.Labels), i)));
            case Contraction c:
                int[] summed = [.. c.Summed.Select(Size)];
                return NdArray.Build(shape, i => c.Coefficient * NdArray.Indices(summed).Sum(
                    j => c.Factors.Aggregate(1.0, (product, factor) => product * At(factor, [.. i, .. j]))));
            case Slice slice:
                return NdArray.Build(shape, i => values[slice.Operand][Moved(i, slice.Axis, Size(slice.Start))]);
            case Pad pad:
                var inner = values[pad.Operand];
                return NdArray.Build(shape, i => i[pad.Axis] - Size(pad.Before) is var k && k >= 0 && k < inner.Shape[pad.Axis]
                    ? inner[Moved(i, pad.Axis, -Size(pad.Before))] : 0);
            case Split split:
                return values[split.Operand] with { Shape = shape };
            case Merge merge:
                return values[merge.Operand] with { Shape = shape };
            case CumulativeSum cumulative:
                return NdArray.Build(shape, i => Enumerable.Range(0, shape[cumulative.Axis])
                    .Where(k => cumulative.Reverse ? k >= i[cumulative.Axis] : k <= i[cumulative.Axis])
                    .Sum(k => values[cumulative.Operand][Replaced(i, cumulative.Axis, k)]));
            case Difference difference:
                return NdArray.Build(shape, i => values[difference.Operand][Moved(i, difference.Axis, 1)] - values[difference.Operand][i]);
            case Flip flip:
                return NdArray.Build(shape, i => values[flip.Operand][Replaced(i, flip.Axis, shape[flip.Axis] - 1 - i[flip.Axis])]);
            case Compare compare:
                return NdArray.Build(shape, i => Holds(compare.Comparison, values[compare.Operand][i]) ? 1 : 0);
            case Attains attains:
                return NdArray.Build(shape, i => values[attains.Operand][i] == values[attains.Largest][Removed(i, attains.Axis)] ? 1 : 0);
            case Logical logical:
                return NdArray.Build(shape, i => logical.Logic switch
                {
                    Logic.And => logical.Conditions.All(c => values[c][i] != 0),
                    Logic.Or => logical.Conditions.Any(c => values[c][i] != 0),
                    _ => values[logical.Conditions[0]][i] == 0,
                } ? 1 : 0);
            case Select select:
                return NdArray.Build(shape, i => At(select.Condition, i) != 0 ? At(select.Then, i) : At(select.Otherwise, i));
            case Extremum extremum:
                return NdArray.Build(shape, i => extremum.IsMaximum ? Math.Max(At(extremum.Left, i), At(extremum.Right, i)) : Math.Min(At(extremum.Left, i), At(extremum.Right, i)));
            case VariablePower power:
                return NdArray.Build(shape, i => Math.Pow(At(power.Base, i), At(power.Exponent, i)));
            case Reduce reduce:
                return NdArray.Build(shape, i => Along(values[reduce.Operand], i, reduce.Axis) is var line && reduce.Reduction == Reduction.Maximum
                    ? line.Max() : LogSumExp(line));
            case Softmax softmax:
                return NdArray.Build(shape, i =>
                {
                    var x = values[softmax.Operand];
                    var logarithm = x[i] - LogSumExp(Along(x, Removed(i, softmax.Axis), softmax.Axis));
                    return softmax.Logarithm ? logarithm : Math.Exp(logarithm);
                });
            case Solve solve:
                return Solved(values[solve.Matrix], values[solve.Right]);
            case Determinant determinant:
                return NdArray.Scalar(Eliminated(values[determinant.Matrix], NdArray.Build([values[determinant.Matrix].Shape[0]], _ => 0)).Determinant);
            case LogDeterminant logDeterminant:
                return NdArray.Scalar(Math.Log(Math.Abs(Eliminated(values[logDeterminant.Matrix], NdArray.Build([values[logDeterminant.Matrix].Shape[0]], _ => 0)).Determinant)));
            default:
                throw new InvalidOperationException($"Unknown node {node}.");
        }
    }

    private int Size(Extent extent) => (int)extent.Evaluate(symbol => extents[symbol]);

    private static double Apply(Elementwise f, double x) => f.Function switch
    {
        Function.Abs => Math.Abs(x),
        Function.Sign => Math.Sign(x),
        Function.Relu => Math.Max(x, 0),
        Function.Sqrt => Math.Sqrt(x),
        Function.Exp => Math.Exp(x),
        Function.Expm1 => Math.Exp(x) - 1,
        Function.Log => Math.Log(x),
        Function.Log1p => Math.Log(1 + x),
        Function.Sin => Math.Sin(x),
        Function.Cos => Math.Cos(x),
        Function.Tan => Math.Tan(x),
        Function.Atan => Math.Atan(x),
        Function.Sinh => Math.Sinh(x),
        Function.Cosh => Math.Cosh(x),
        Function.Tanh => Math.Tanh(x),
        Function.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Function.Softplus => Math.Log(1 + Math.Exp(x)),
        Function.Erf => Erf(x),
        Function.Reciprocal => 1 / x,
        Function.Power => Math.Pow(x, f.Exponent),
        _ => throw new InvalidOperationException($"Unknown function {f.Function}."),
    };

    // erf(x) = 2/√π Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n+1)), which converges quickly for the small arguments of the tests.
    private static double Erf(double x)
    {
        var (sum, term) = (0.0, x);
        for (var n = 0; n < 60; n++)
        {
            sum += term / ((2 * n) + 1);
            term *= -x * x / (n + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static bool Holds(Comparison comparison, double x) => comparison switch
    {
        Comparison.GreaterOrEqual => x >= 0,
        Comparison.Greater => x > 0,
        Comparison.LessOrEqual => x <= 0,
        Comparison.Less => x < 0,
        Comparison.Equal => x == 0,
        _ => x != 0,
    };

    private static double[] Along(NdArray x, int[] rest, int axis) =>
        [.. Enumerable.Range(0, x.Shape[axis]).Select(k => x[[.. rest[..axis], k, .. rest[axis..]]])];

    private static double LogSumExp(double[] line) => line.Max() + Math.Log(line.Sum(x => Math.Exp(x - line.Max())));

    private static int[] Moved(int[] index, int axis, int by) => Replaced(index, axis, index[axis] + by);

    private static int[] Replaced(int[] index, int axis, int value) => [.. index[..axis], value, .. index[(axis + 1)..]];

    private static int[] Removed(int[] index, int axis) => [.. index[..axis], .. index[(axis + 1)..]];

    private static NdArray Solved(NdArray matrix, NdArray right)
    {
        var n = matrix.Shape[0];
        var columns = right.Data.Length / n;
        var data = new double[right.Data.Length];
        for (var column = 0; column < columns; column++)
        {
            var x = Eliminated(matrix, NdArray.Build([n], i => right.Data[(i[0] * columns) + column])).Solution;
            for (var row = 0; row < n; row++)
            {
                data[(row * columns) + column] = x[row];
            }
        }

        return new NdArray(right.Shape, data);
    }

    /// <summary>Gaussian elimination with pivots.</summary>
    private static (double[] Solution, double Determinant) Eliminated(NdArray matrix, NdArray right)
    {
        var n = matrix.Shape[0];
        var rows = Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => matrix[i, j]).Append(right[i]).ToArray()).ToArray();
        var determinant = 1.0;
        for (var k = 0; k < n; k++)
        {
            var pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(rows[i][k]));
            if (pivot != k)
            {
                (rows[k], rows[pivot]) = (rows[pivot], rows[k]);
                determinant = -determinant;
            }

            determinant *= rows[k][k];
            for (var i = k + 1; i < n; i++)
            {
                var factor = rows[i][k] / rows[k][k];
                rows[i] = [.. rows[i].Select((value, j) => value - (factor * rows[k][j]))];
            }
        }

        var x = new double[n];
        for (var i = n - 1; i >= 0; i--)
        {
            x[i] = (rows[i][n] - Enumerable.Range(i + 1, n - i - 1).Sum(j => rows[i][j] * x[j])) / rows[i][i];
        }

        return (x, determinant);
    }
}
