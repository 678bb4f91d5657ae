using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>How often an objective is differentiable.</summary>
internal enum SmoothnessClass
{
    TwiceContinuous,
    PiecewiseTwiceContinuous,
    NotDifferentiable,
}

/// <summary>How often an objective is differentiable, and if it is not, whose kink it is and which promise would help.</summary>
/// <param name="Class">The class.</param>
/// <param name="Kink">The operation whose kink remains; empty where none does.</param>
/// <param name="MissingPromise">The parameter that a promise would have to be made about; empty where none would help.</param>
/// <param name="KinkIndex">The index of that operation, or −1.</param>
/// <param name="Promise">That promise.</param>
internal sealed record SmoothnessVerdict(SmoothnessClass Class, string Kink, string MissingPromise, int KinkIndex, Promise Promise = Promise.None);

/// <summary>
/// Smoothness by composition: h∘g is C¹ if h′ vanishes at every kink of g. Every kink is followed through the program with the interval of values that it
/// can have and the order to which the value vanishes there.
/// </summary>
internal sealed class Smoothness
{
    private const int Rough = -100;
    private const int Endless = 100;

    private readonly IReadOnlyList<Node> nodes;
    private readonly bool[] depends;
    private readonly Interval[] ranges;
    private readonly Dictionary<int, Kink>[] kinks;
    private readonly Effort effort = new();

    private Smoothness(IReadOnlyList<Node> nodes, int objective, int variable, bool isThorough)
    {
        this.nodes = nodes;
        depends = Dependence.On(nodes, variable);
        ranges = Ranges.Of(nodes);
        kinks = new Dictionary<int, Kink>[nodes.Count];
        var isLast = isThorough ? LastOfPolynomials(objective) : null;
        for (var i = 0; i < nodes.Count; i++)
        {
            kinks[i] = depends[i] ? Of(i) : new Dictionary<int, Kink>();
            if (isLast?[i] == true)
            {
                Improve(i);
            }
        }
    }

    public static SmoothnessVerdict Of(IReadOnlyList<Node> nodes, int objective, int variable)
    {
        var (verdict, kink, index) = Judge(nodes, objective, variable);
        if (verdict != SmoothnessClass.NotDifferentiable)
        {
            return new SmoothnessVerdict(verdict, "", "", -1);
        }

        // Which promise would make the difference?
        foreach (var promise in new[] { Promise.NonNegative, Promise.Positive })
        {
            for (var i = 0; i < nodes.Count; i++)
            {
                if (i != variable && nodes[i] is Input { Promise: Promise.None or Promise.NonNegative } input && input.Promise != promise)
                {
                    var promised = nodes.ToList();
                    promised[i] = input with { Promise = promise };
                    if (Judge(promised, objective, variable).Class != SmoothnessClass.NotDifferentiable)
                    {
                        return new SmoothnessVerdict(verdict, kink, input.Name, index, promise);
                    }
                }
            }
        }

        return new SmoothnessVerdict(verdict, kink, "", index);
    }

    private static (SmoothnessClass Class, string Kink, int Index) Judge(IReadOnlyList<Node> nodes, int objective, int variable)
    {
        var left = new Smoothness(nodes, objective, variable, isThorough: false).kinks[objective];
        if (left.Values.Any(kink => kink.Smooth < 1))
        {
            left = new Smoothness(nodes, objective, variable, isThorough: true).kinks[objective];
        }

        if (left.Count == 0)
        {
            return (SmoothnessClass.TwiceContinuous, "", -1);
        }

        var worst = left.OrderBy(pair => pair.Value.Smooth).ThenBy(pair => pair.Key).First();
        return worst.Value.Smooth switch
        {
            >= 2 => (SmoothnessClass.TwiceContinuous, "", -1),
            1 => (SmoothnessClass.PiecewiseTwiceContinuous, "", -1),
            _ => (SmoothnessClass.NotDifferentiable, NameOf(nodes[worst.Key], nodes), worst.Key),
        };
    }

    private static string NameOf(Node node, IReadOnlyList<Node> nodes) => node switch
    {
        Elementwise { Function: Function.Power } or VariablePower => "pow",
        Elementwise { Function: Function.Sqrt } root when nodes[root.Operand] is Contraction { Summed.Count: > 0 } squares
            && squares.Factors.GroupBy(factor => factor).All(group => group.Count() % 2 == 0) => "norm",
        Elementwise f => f.Function.ToString().ToLowerInvariant(),
        Extremum extremum => extremum.IsMaximum ? "maximum" : "minimum",
        Reduce => "max",
        Select => "where",
        _ => node.GetType().Name,
    };

    private Dictionary<int, Kink> Of(int value) => nodes[value] switch
    {
        Leaf => new Dictionary<int, Kink>(),
        Elementwise f => Through(value, f),
        Sum sum => Combine(value, sum.Terms.Select(term => new Factor(term.Value, term.Labels)).ToList(), isProduct: false),
        Contraction contraction => Combine(value, contraction.Factors, isProduct: true),
        Select select => Chosen(value, select),
        Extremum => With(Lost(value), value, new Kink(0, 0, ranges[value], null)),
        VariablePower power when !ranges[power.Base.Value].IsPositive => With(Lost(value), value, new Kink(Rough, 0, ranges[value], null)),
        Reduce { Reduction: Reduction.Maximum } => With(Lost(value), value, new Kink(0, 0, ranges[value], null)),
        _ => Lost(value),
    };

    private Dictionary<int, Kink> Through(int value, Elementwise f)
    {
        var x = ranges[f.Operand];
        var result = new Dictionary<int, Kink>();
        foreach (var pair in kinks[f.Operand])
        {
            if (Through(f, pair.Value) is { } kink)
            {
                result.Add(pair.Key, kink);
            }
        }

        var own = new Kink(0, 1, Interval.Point(0), Enumerable.Range(0, nodes[value].Rank).ToEquatable());
        return f.Function switch
        {
            Function.Abs or Function.Relu when !x.IsNonNegative && !x.IsNonPositive => With(result, value, own),
            Function.Sqrt when !x.IsPositive => With(result, value, own with { Smooth = Rough }),
            Function.Sign when !x.IsPositive && !x.IsNegative => With(result, value, own with { Smooth = Rough, Zero = 0, At = ranges[value] }),
            Function.Power when !x.IsPositive && f.Exponent > 0 && f.Exponent != Math.Floor(f.Exponent) =>
                With(result, value, own with { Smooth = f.Exponent > 2 ? 2 : f.Exponent > 1 ? 1 : Rough }),
            _ => result,
        };
    }

    /// <summary>The pieces on both sides of a kink can agree though no rule about one operation shows it.</summary>
    private void Improve(int value)
    {
        foreach (var pair in kinks[value].Where(pair => pair.Value.Smooth < 1).ToList())
        {
            if (PieceAgreement.Of(nodes, ranges, depends, value, pair.Key, effort) - 1 is var smooth && smooth > pair.Value.Smooth)
            {
                kinks[value][pair.Key] = pair.Value with { Smooth = smooth };
            }
        }
    }

    /// <summary>Which values are the last that are made by sums, products and selections: the objective, a sum over elements, what another function takes.</summary>
    private bool[] LastOfPolynomials(int objective)
    {
        var isLast = new bool[nodes.Count];
        var needed = Dependence.Of(nodes, new[] { objective });
        isLast[objective] = true;
        for (var i = 0; i < nodes.Count; i++)
        {
            if (needed[i] && nodes[i] is not (Sum or Contraction { Summed.Count: 0 } or Select or Extremum or Elementwise { Function: Function.Abs or Function.Relu }))
            {
                isLast[i] |= nodes[i] is Contraction;
                foreach (var operand in nodes[i].Operands)
                {
                    isLast[operand] |= nodes[i] is not Contraction;
                }
            }
        }

        return isLast;
    }

    /// <summary>What becomes of a kink of x in f(x); null where it is gone.</summary>
    private static Kink? Through(Elementwise f, Kink kink)
    {
        var at = Ranges.Through(f.Function, f.Exponent, kink.At);
        switch (f.Function)
        {
            case Function.Relu when kink.At.IsNegative:
                return null;
            case Function.Relu or Function.Abs when kink.At.IsPositive:
            case Function.Abs when kink.At.IsNegative:
                return kink with { At = at };

            // relu vanishes on the whole side x < 0, and at 0 takes the value 0.
            case Function.Relu when kink.At.IsNonPositive:
            case Function.Abs when kink.At.IsZero:
                return kink with { Smooth = Math.Min(kink.Smooth, 0), Zero = 1, At = Interval.Point(0) };
            case Function.Relu or Function.Abs:
                return kink with { Smooth = Math.Min(kink.Smooth, 0), Zero = 0, At = at };
            case Function.Power when f.Exponent > 1 && f.Exponent == Math.Floor(f.Exponent):
                var power = (int)Math.Min(f.Exponent, 10);
                return kink with { Smooth = kink.Smooth + (kink.Zero * (power - 1)), Zero = kink.Zero * power, At = at };
            case Function.Sqrt or Function.Sign or Function.Power:
                return kink with { Smooth = kink.At.IsPositive ? kink.Smooth : Rough, Zero = 0, At = at };
            case Function.Sin or Function.Tan or Function.Atan or Function.Sinh or Function.Tanh or Function.Expm1 or Function.Log1p or Function.Erf:
                return kink with { At = kink.At.IsZero ? Interval.Point(0) : at };
            default:
                return kink with { Zero = 0, At = at };
        }
    }

    private Dictionary<int, Kink> Combine(int value, IReadOnlyList<Factor> parts, bool isProduct)
    {
        var result = new Dictionary<int, Kink>();
        foreach (var source in parts.SelectMany(part => kinks[part.Value].Keys).Distinct().ToList())
        {
            var holders = parts.Where(part => KinkOf(part.Value, source) is not null).ToList();
            var places = holders.Select(part => KinkOf(part.Value, source)!.In(part)).ToList();
            var smooth = places.Min(kink => kink.Smooth);
            var lost = new Kink(smooth, 0, ranges[value], null);

            // Only kinks of the same elements meet: a[i] says nothing about a[j].
            if (places.Any(kink => kink.Labels is null || !kink.Labels.Equals(places[0].Labels)))
            {
                result.Add(source, lost);
                continue;
            }

            var at = Ranges.Of(nodes[value], operand => KinkOf(operand, source)?.At ?? ranges[operand]);
            var total = places[0];
            foreach (var other in places.Skip(1))
            {
                total = isProduct
                    ? total with { Smooth = Math.Min(total.Smooth + other.Zero, other.Smooth + total.Zero), Zero = total.Zero + other.Zero }
                    : total with { Smooth = Math.Min(total.Smooth, other.Smooth), Zero = Math.Min(total.Zero, other.Zero) };
            }

            if (!isProduct && holders.Count < parts.Count)
            {
                total = total with { Zero = at.IsZero ? 1 : 0 };
            }

            // A sum over elements keeps the kink, but no longer says where it is.
            result.Add(source, total.Labels!.Value.All(label => label < nodes[value].Rank)
                ? total with { At = at }
                : lost with { Smooth = total.Smooth });
        }

        return result;
    }

    /// <summary>What the value does at a kink; what is under an abs or relu vanishes at its kink.</summary>
    private Kink? KinkOf(int value, int source) => kinks[value].TryGetValue(source, out var kink) ? kink
        : nodes[source] is Elementwise { Function: Function.Abs or Function.Relu } f && f.Operand == value
            ? new Kink(Endless, 1, Interval.Point(0), Enumerable.Range(0, nodes[value].Rank).ToEquatable())
            : null;

    private Dictionary<int, Kink> Chosen(int value, Select select)
    {
        if (!depends[select.Condition.Value])
        {
            return Lost(value);
        }

        if (nodes[select.Condition.Value] is not Compare { Comparison: not (Comparison.Equal or Comparison.NotEqual) } compare)
        {
            return With(Lost(value), value, new Kink(Rough, 0, ranges[value], null));
        }

        // What is compared has kinks of its own; they matter to the condition only where it jumps.
        var jumps = kinks[select.Condition.Value].Where(pair => pair.Value.Smooth < 0).ToList();
        var result = new Dictionary<int, Kink>();
        foreach (var pair in jumps.Concat(Reaching(select, select.Then, compare)).Concat(Reaching(select, select.Otherwise, compare)))
        {
            var smooth = result.TryGetValue(pair.Key, out var known) ? Math.Min(known.Smooth, pair.Value.Smooth) : pair.Value.Smooth;
            result[pair.Key] = new Kink(smooth, 0, ranges[value], null);
        }

        // Where both branches vanish with the value compared, or their difference does, to an order k, k − 1 derivatives are continuous.
        var order = Math.Max(
            Math.Min(
                VanishingOrder.Of(nodes, select.Then, compare.Operand, select.Condition.Labels, depends),
                VanishingOrder.Of(nodes, select.Otherwise, compare.Operand, select.Condition.Labels, depends)),
            PieceAgreement.Of(nodes, ranges, depends, value, value, effort));
        return With(result, value, new Kink(order > 0 ? order - 1 : Rough, 0, ranges[value], null));
    }

    /// <summary>The kinks of a branch, without those around which the condition takes the other branch.</summary>
    private IEnumerable<KeyValuePair<int, Kink>> Reaching(Select select, Factor branch, Compare compare) => kinks[branch.Value].Where(pair =>
    {
        if (KinkOf(compare.Operand, pair.Key)?.In(new Factor(compare.Operand, select.Condition.Labels)) is not { Smooth: >= 0, Labels: { } place } there
            || pair.Value.In(branch).Labels is not { } own || !own.Equals(place))
        {
            return true;
        }

        var isThen = branch.Equals(select.Then);
        var isUpward = compare.Comparison is Comparison.Greater or Comparison.GreaterOrEqual;
        return !(isThen == isUpward ? there.At.IsNegative : there.At.IsPositive);
    });

    private Dictionary<int, Kink> Lost(int value)
    {
        var result = new Dictionary<int, Kink>();
        foreach (var pair in nodes[value].Operands.SelectMany(operand => kinks[operand]))
        {
            var smooth = result.TryGetValue(pair.Key, out var known) ? Math.Min(known.Smooth, pair.Value.Smooth) : pair.Value.Smooth;
            result[pair.Key] = new Kink(smooth, 0, ranges[value], null);
        }

        return result;
    }

    private static Dictionary<int, Kink> With(Dictionary<int, Kink> kinks, int source, Kink kink)
    {
        kinks[source] = kink;
        return kinks;
    }

    /// <summary>A value near a kink.</summary>
    /// <param name="Smooth">How many derivatives are continuous across it.</param>
    /// <param name="Zero">The order to which the value vanishes at it; 0 where it may not.</param>
    /// <param name="At">The values it can have there.</param>
    /// <param name="Labels">For each axis of the kink's source the axis here that it is; null where that is lost.</param>
    private sealed record Kink(int Smooth, int Zero, Interval At, EquatableArray<int>? Labels)
    {
        /// <summary>The kink of a factor, with the indices that the factor's axes carry.</summary>
        public Kink In(Factor factor) => Labels is { } labels
            ? this with { Labels = labels.Select(axis => factor.Labels[axis]).ToEquatable() }
            : this;
    }
}
