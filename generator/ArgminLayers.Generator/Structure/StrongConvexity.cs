using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>The modulus of strong convexity of a convex objective, where some of its summands are isotropic quadratics.</summary>
internal static class StrongConvexity
{
    /// <summary>The modulus in symbols and the summands it comes from, or null where none is found.</summary>
    /// <param name="a">The program so far.</param>
    /// <param name="shapes">The curvature of the objective and of all that it is made of.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="hessian">Its Hessian.</param>
    /// <param name="variable">y.</param>
    public static (string Modulus, string Because)? Of(Algebra a, Shape[] shapes, int objective, int hessian, int variable)
    {
        var terms = a[objective] is Sum sum ? sum.Terms.ToList() : new List<Term> { new(1, objective, default) };
        var degrees = Degrees(a.Nodes, variable, objective);
        var moduli = new List<string>();
        var reasons = new List<string>();
        foreach (var term in terms)
        {
            // A modulus holds for the whole only if the other summands are convex one by one.
            var shape = shapes[term.Value];
            if (shape is Shape.Unknown || (shape is Shape.Convex && term.Coefficient < 0) || (shape is Shape.Concave && term.Coefficient > 0))
            {
                return null;
            }

            if (shape != Shape.Convex || degrees[term.Value] != 2)
            {
                continue;
            }

            var summand = a.Scale(term.Coefficient, term.Value);
            if (Modulus(a, summand == objective ? hessian : Hessian(a, summand, variable), variable) is { } modulus)
            {
                moduli.Add(modulus);
                reasons.Add(new FormulaPrinter(a.Nodes, _ => null).Print(summand));
            }
        }

        if (moduli.Count == 0)
        {
            return null;
        }

        var rest = terms.Count > reasons.Count ? ", and the other terms are convex" : "";
        return (string.Join(" + ", moduli), string.Join(" + ", reasons) + " has that curvature in every direction" + rest);
    }

    /// <summary>The degree of every value up to the last as a polynomial in the variable; more than 2 where it is none: what is not of degree 2 is not differentiated in vain.</summary>
    private static int[] Degrees(IReadOnlyList<Node> nodes, int variable, int last)
    {
        const int Most = 3;
        var degrees = new int[last + 1];
        for (var i = variable; i < degrees.Length; i++)
        {
            var operands = nodes[i].Operands;
            var largest = operands.Length == 0 ? 0 : operands.Max(operand => degrees[operand]);
            degrees[i] = i == variable ? 1 : largest == 0 ? 0 : nodes[i] switch
            {
                Sum or LinearMap => largest,
                Contraction => System.Math.Min(Most, operands.Sum(operand => degrees[operand])),
                _ => Most,
            };
        }

        return degrees;
    }

    private static int Hessian(Algebra a, int value, int variable) => ForwardMode.Jacobian(a, ReverseMode.Gradient(a, value, variable), variable);

    private static string? Modulus(Algebra a, int hessian, int variable)
    {
        if (!Analyzer.IsScaledIdentity(a, hessian) || Analyzer.Depends(a, hessian, variable))
        {
            return null;
        }

        var rho = a[hessian].Rank == 0 ? hessian : PredictorReader.Unspread(a, a.Diagonal(hessian));
        return rho is { } number && Ranges.Of(a.Nodes, number).IsPositive
            ? new FormulaPrinter(a.Nodes, _ => null).Print(number)
            : null;
    }

    /// <summary>The modulus that the terms of a Hessian show, the other terms of which are semidefinite: a number on the diagonal, the least of several, or that of a definite matrix.</summary>
    public static (string Modulus, string Because)? OfHessian(Algebra a, int hessian, int variable)
    {
        var forms = new SemidefiniteForms(a.Nodes, Ranges.Of(a.Nodes));
        if (!forms.IsSemidefinite(hessian))
        {
            return null;
        }

        var depends = Dependence.On(a.Nodes, variable);
        var half = a[hessian].Rank / 2;
        var bounds = forms.TermsOf(hessian).Select(term => forms.LowerBound(term, half)).OfType<SemidefiniteForms.Bound>()
            .Where(bound => !bound.Factors.Any(factor => depends[factor.Value])).ToList();
        if (bounds.Count == 0)
        {
            return null;
        }

        // Equal matrices, as P and Pᵀ, count together.
        var moduli = bounds.GroupBy(bound => (bound.Matrix?.Value, bound.Matrix?.IsInverse, string.Join(" ", bound.Factors)))
            .Select(group => Least(a, group.First() with { Coefficient = group.Sum(bound => bound.Coefficient) }, half));
        return (string.Join(" + ", moduli), "the Hessian has at least that curvature in every direction, and no term of it is negative");
    }

    private static string Least(Algebra a, SemidefiniteForms.Bound bound, int half)
    {
        var kept = bound.Factors.SelectMany(factor => factor.Labels).Where(label => label < 2 * half).Distinct().OrderBy(label => label).ToList();
        var number = a.Contract(bound.Coefficient, bound.Factors, kept);
        var text = a[number] is Constant { Value: 1 } && bound.Matrix is not null ? "" : new FormulaPrinter(a.Nodes, _ => null).Print(number);
        var smallest = kept.Count == 0 ? text : $"min({text})";
        return bound.Matrix is { } matrix
            ? $"{smallest}{(smallest.Length > 0 ? " " : "")}{(matrix.IsInverse ? "1/λ_max" : "λ_min")}({((Input)a[matrix.Value]).Name})"
            : smallest;
    }
}
