using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>
/// Reads the linear-predictor form, where there is one, off a group on y and summands that depend on affine bases. Several bases of a vector y stand one below the other: they are slices of
/// one z. A matrix y has one base, a matrix.
/// </summary>
internal sealed class PredictorReader
{
    private readonly Algebra a;
    private readonly int variable;
    private readonly IReadOnlyList<int> bases;
    private readonly Predictor first;
    private readonly EquatableArray<Extent> axes;
    private readonly int diagonalPart;
    private readonly int predictorPart;
    private readonly bool isSeparable;

    /// <param name="a">The program so far.</param>
    /// <param name="variable">y.</param>
    /// <param name="onVariable">The summands on y itself.</param>
    /// <param name="predictors">The predictors, vectors affine in a vector y, or one matrix affine in a matrix y.</param>
    /// <param name="summands">The summands that depend on y through them, and those without y.</param>
    /// <param name="isSeparable">Whether each summand is a sum over the elements of one of them.</param>
    public PredictorReader(Algebra a, int variable, SeparableGroup onVariable, IReadOnlyList<Predictor> predictors, IEnumerable<Term> summands, bool isSeparable)
    {
        this.a = a;
        this.variable = variable;
        bases = predictors.Select(predictor => predictor.Value).ToList();
        first = predictors[0];
        this.isSeparable = isSeparable;
        axes = bases.Count == 1 ? a[bases[0]].Axes : EquatableArray.Of(bases.Select(value => a[value].Axes[0]).Aggregate((left, right) => left + right));
        diagonalPart = a.Sum(default, onVariable.Summands);
        predictorPart = a.Sum(default, summands);
    }

    /// <summary>φ in a program of its own, as a function of an input of the given name.</summary>
    private (Algebra B, int Phi) OfInput(string name)
    {
        var b = new Algebra();
        var z = b.Input(new Input(name, axes, Domain.Tensor, Promise.None));
        var source = a.Build(bases.Append(predictorPart).ToArray());
        int? Part(int value)
        {
            var start = Extent.Of(0);
            for (var k = 0; k < bases.Count; k++)
            {
                var length = a[bases[k]].Axes[0];
                if (source.Outputs[k] == value)
                {
                    return bases.Count == 1 ? z : b.Slice(z, 0, start, length);
                }

                start += length;
            }

            return null;
        }

        return (b, b.Replay(source, Part)[source.Outputs[bases.Count]]);
    }

    /// <summary>Values of the bases one below the other.</summary>
    private int Stacked(IReadOnlyList<int> values)
    {
        if (values.Count == 1)
        {
            return values[0];
        }

        var start = Extent.Of(0);
        var parts = new List<int>();
        foreach (var value in values)
        {
            parts.Add(a.Pad(value, 0, start, axes[0]));
            start += a[value].Axes[0];
        }

        return a.Add(a[parts[0]].Axes, parts);
    }

    /// <summary>The form; null where ρ is not one positive number.</summary>
    public LinearPredictorForm? Form()
    {
        var gradient = ReverseMode.Gradient(a, diagonalPart, variable);
        var hessian = ForwardMode.Jacobian(a, gradient, variable);
        var isMatrix = a[variable].Rank == 2;
        if ((!isMatrix && !Analyzer.IsScaledIdentity(a, hessian)) || Analyzer.Depends(a, hessian, variable))
        {
            return null;
        }

        if (!Analyzer.IsContinuousAtZero(a, gradient, variable))
        {
            return null;
        }

        // ρ = H₀₀: δ falls away on the diagonal, which is a broadcast of one number.
        var rho = isMatrix ? SharedAxis.Ridge(a, hessian) : Unspread(a, a.Diagonal(hessian));
        if (rho is null || !Ranges.Of(a.Nodes, rho.Value).IsPositive)
        {
            return null;
        }

        var name = PredictorName();
        var program = a.Build(
            rho.Value,
            AtZero(gradient),
            first.Shared is not null ? first.Map : Stacked(bases.Select(value => ForwardMode.Jacobian(a, value, variable)).ToList()),
            Stacked(bases.Select(AtZero).ToList()),
            predictorPart);

        var (b, phi) = OfInput(name);
        if (b.Build(phi).InputIndex(((Input)a[variable]).Name) >= 0)
        {
            return null;
        }

        var others = b.Replay(program);
        var parts = b.Build(
            others[program.Outputs[LinearPredictorForm.Rho]],
            others[program.Outputs[LinearPredictorForm.Linear]],
            others[program.Outputs[LinearPredictorForm.Predictors]],
            others[program.Outputs[LinearPredictorForm.Offset]],
            phi);
        return new LinearPredictorForm(
            name,
            axes,
            first.Shared,
            parts,
            !b.IsZero(others[program.Outputs[LinearPredictorForm.Linear]]),
            !b.IsZero(others[program.Outputs[LinearPredictorForm.Offset]]),
            isSeparable);
    }

    /// <summary>g″ of a function g of the elements of a value, in its elements.</summary>
    /// <remarks>g is taken of an input, and then the input is the value again: a product that is simplified must not lose sight of it.</remarks>
    /// <param name="a">The program so far.</param>
    /// <param name="function">g: of the value's axes, or summed.</param>
    /// <param name="source">The value.</param>
    public static int Curvature(Algebra a, int function, int source)
    {
        var b = new Algebra();
        var x = b.Input(new Input("", a[source].Axes, Domain.Tensor, Promise.None));
        var program = a.Build(source, function);
        var value = b.Replay(program, i => i == program.Outputs[0] ? x : null)[program.Outputs[1]];
        var total = b.Contract(1, new[] { b.Own(value) }, System.Array.Empty<int>());
        var curvature = b.Build(SecondDerivative(b, ReverseMode.Gradient(b, total, x), x, isSeparable: true));
        return a.Replay(curvature, i => curvature.Nodes[i] is Input { Name: "" } ? source : null)[curvature.Outputs[0]];
    }

    /// <summary>φ″ as a matrix, or as a vector where φ is separable: the derivative of φ′ along a vector of ones, which is no work.</summary>
    public static int SecondDerivative(Algebra a, int gradient, int variable, bool isSeparable)
    {
        if (!isSeparable)
        {
            return ForwardMode.Jacobian(a, gradient, variable);
        }

        var ones = a.Contract(1, System.Array.Empty<Factor>(), a.OwnLabels(variable), a.Numbered(a[variable].Axes));
        return ForwardMode.Along(a, gradient, variable, ones);
    }

    /// <summary>The value with y = 0.</summary>
    private int AtZero(int value)
    {
        var program = a.Build(value);
        var index = IndexOfVariable(program);
        return a.Replay(program, i => i == index ? a.Zero(a[variable].Axes) : null)[program.Outputs[0]];
    }

    private int IndexOfVariable(Program program) => program.InputIndex(((Input)a[variable]).Name);

    /// <summary>The number that all elements are, or null where they are not seen to be one.</summary>
    public static int? Unspread(Algebra a, int value) => a[value] switch
    {
        Contraction c when c.Factors.All(factor => factor.Labels.All(label => label >= c.Rank)) =>
            a.Contract(c.Coefficient, c.Factors, System.Array.Empty<int>()),
        Sum sum when sum.Terms.All(term => term.Labels.Count == 0) => a.Sum(default, sum.Terms),
        _ => null,
    };

    /// <summary>What the source calls z, unless an input is called so: a method of the user's may name its locals like another's parameters.</summary>
    private string PredictorName()
    {
        var taken = new HashSet<string>(a.Nodes.OfType<Input>().Select(input => input.Name));
        return new[] { bases.Count == 1 ? a.NameOf(bases[0]) : "", "z", "prediction", "linearPredictor", "affinePredictor" }.First(name => name.Length > 0 && !taken.Contains(name));
    }
}
