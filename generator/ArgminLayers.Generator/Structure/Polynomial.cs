using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>A polynomial in elements of values: each is a value with the indices at which it is taken.</summary>
internal sealed class Polynomial
{
    /// <summary>Longer ones are given up.</summary>
    private const int MostTerms = 60;

    private const double Rounding = 1e-13;

    // Each product of elements, sorted, with its coefficient and what that was added up from, which says what is zero but for rounding.
    private readonly Dictionary<EquatableArray<Factor>, (double Sum, double Size)> terms = new();

    private Polynomial()
    {
    }

    public static Polynomial Of(double number) => new Polynomial().With(default, number, Math.Abs(number)).Cleaned();

    public static Polynomial Of(Factor atom) => new Polynomial().With(EquatableArray.Of(atom), 1, 1);

    public bool IsZero => terms.Count == 0;

    /// <summary>How many terms it has.</summary>
    public int Count => terms.Count;

    public IEnumerable<Factor> Atoms() => terms.Keys.SelectMany(product => product).Distinct();

    /// <summary>This, or null where it has grown too long.</summary>
    public Polynomial? OrNull() => terms.Count <= MostTerms && terms.Keys.All(product => product.Count <= 8) ? this : null;

    /// <summary>The coefficient of an element by itself, or null where it does not stand so.</summary>
    public double? Coefficient(Factor atom) => terms.TryGetValue(EquatableArray.Of(atom), out var found) ? found.Sum : null;

    public int Degree(Factor atom) => terms.Keys.Max(product => product.Count(other => other == atom));

    /// <summary>How many terms an element stands in.</summary>
    public int Occurrences(Factor atom) => terms.Keys.Count(product => product.Contains(atom));

    public Polynomial Scaled(double by) => Of(0).Plus(this, by);

    public Polynomial Plus(Polynomial other, double coefficient)
    {
        var result = new Polynomial();
        foreach (var pair in terms)
        {
            result.With(pair.Key, pair.Value.Sum, pair.Value.Size);
        }

        foreach (var pair in other.terms)
        {
            result.With(pair.Key, coefficient * pair.Value.Sum, Math.Abs(coefficient) * pair.Value.Size);
        }

        return result.Cleaned();
    }

    public Polynomial Times(Polynomial other)
    {
        var result = new Polynomial();
        foreach (var left in terms)
        {
            foreach (var right in other.terms)
            {
                result.With(Sorted(left.Key.Concat(right.Key)), left.Value.Sum * right.Value.Sum, left.Value.Size * right.Value.Size);
            }
        }

        return result.Cleaned();
    }

    /// <summary>∂/∂p.</summary>
    public Polynomial Derivative(Factor atom)
    {
        var result = new Polynomial();
        foreach (var pair in terms)
        {
            if (pair.Key.Count(other => other == atom) is > 0 and var degree)
            {
                var left = pair.Key.ToList();
                left.Remove(atom);
                result.With(left.ToEquatable(), degree * pair.Value.Sum, degree * pair.Value.Size);
            }
        }

        return result.Cleaned();
    }

    /// <summary>The polynomial with another in the place of an element; null where that grows too long.</summary>
    public Polynomial? At(Factor atom, Polynomial value)
    {
        Polynomial? result = Of(0);
        foreach (var pair in terms)
        {
            var degree = pair.Key.Count(other => other == atom);
            Polynomial? term = new Polynomial().With(pair.Key.Where(other => other != atom).ToEquatable(), pair.Value.Sum, pair.Value.Size);
            for (var k = 0; k < degree; k++)
            {
                term = term?.Times(value).OrNull();
            }

            result = term is null ? null : result!.Plus(term, 1).OrNull();
            if (result is null)
            {
                return null;
            }
        }

        return result;
    }

    /// <summary>The values it can have.</summary>
    public Interval Range(Func<Factor, Interval> of) => terms
        .Select(pair => pair.Key.GroupBy(atom => atom).Aggregate(Interval.Point(pair.Value.Sum), (product, group) => product * Power(of(group.Key), group.Count())))
        .Aggregate(Interval.Point(0), (left, right) => left + right);

    private static Interval Power(Interval x, int exponent)
    {
        var power = Enumerable.Repeat(x, exponent).Aggregate((left, right) => left * right);
        return exponent % 2 == 0 && !power.IsNonNegative ? new Interval(0, power.High) : power;
    }

    private Polynomial With(EquatableArray<Factor> product, double sum, double size)
    {
        var known = terms.TryGetValue(product, out var found) ? found : (Sum: 0, Size: 0);
        terms[product] = (known.Sum + sum, known.Size + size);
        return this;
    }

    private Polynomial Cleaned()
    {
        foreach (var gone in terms.Where(pair => Math.Abs(pair.Value.Sum) <= Rounding * pair.Value.Size).Select(pair => pair.Key).ToList())
        {
            terms.Remove(gone);
        }

        return this;
    }

    private static EquatableArray<Factor> Sorted(IEnumerable<Factor> atoms) =>
        atoms.OrderBy(atom => atom.Value).ThenBy(atom => atom.Labels.ToString(), StringComparer.Ordinal).ToEquatable();
}
