using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace ArgminLayers.Generator.Programs;

/// <summary>
/// The number of elements along an axis: a polynomial with integer coefficients in symbols ("T", 3, T − 1, T·D), in a normal form,
/// so that equal extents are equal values.
/// </summary>
internal readonly record struct Extent
{
    /// <summary>Kept, because every instruction's hash code asks for those of its axes; 0 for the default, which is the extent 0.</summary>
    private readonly int hash;

    private Extent(EquatableArray<Monomial> monomials)
    {
        Monomials = monomials;
        hash = monomials.Count == 0 ? 0 : monomials.GetHashCode();
    }

    public EquatableArray<Monomial> Monomials { get; }

    /// <summary>The value, where no symbol is left.</summary>
    public long? Number => Monomials.Count switch
    {
        0 => 0,
        1 when Monomials[0].Symbols.Count == 0 => Monomials[0].Coefficient,
        _ => null,
    };

    /// <summary>The symbol, where the extent is nothing else.</summary>
    public string? Symbol =>
        Monomials.Count == 1 && Monomials[0].Coefficient == 1 && Monomials[0].Symbols.Count == 1 ? Monomials[0].Symbols[0] : null;

    public static Extent Of(long number) => Normal(new[] { new Monomial(number, default) });

    public static Extent Of(string symbol) => Normal(new[] { new Monomial(1, EquatableArray.Of(symbol)) });

    public static Extent operator +(Extent left, Extent right) => Normal(left.Monomials.Concat(right.Monomials));

    public static Extent operator -(Extent left, Extent right) => left + (Of(-1) * right);

    public static Extent operator *(Extent left, Extent right) =>
        Normal(left.Monomials.SelectMany(
            l => right.Monomials.Select(
                r => new Monomial(
                    checked(l.Coefficient * r.Coefficient),
                    l.Symbols.Concat(r.Symbols).OrderBy(s => s, StringComparer.Ordinal).ToEquatable()))));

    /// <summary>The quotient, where the divisor is one product and divides every summand; null elsewhere.</summary>
    public Extent? DividedBy(Extent divisor)
    {
        if (divisor.Monomials.Count != 1)
        {
            return null;
        }

        var (by, quotient) = (divisor.Monomials[0], new List<Monomial>());
        foreach (var monomial in Monomials)
        {
            var symbols = monomial.Symbols.ToList();
            if (monomial.Coefficient % by.Coefficient != 0 || !by.Symbols.All(symbols.Remove))
            {
                return null;
            }

            quotient.Add(new Monomial(monomial.Coefficient / by.Coefficient, symbols.ToEquatable()));
        }

        return Normal(quotient);
    }

    /// <summary>Every symbol that occurs, once, in ordinal order.</summary>
    public IEnumerable<string> Symbols() =>
        Monomials.SelectMany(m => m.Symbols).Distinct().OrderBy(s => s, StringComparer.Ordinal);

    /// <summary>The value with symbols replaced.</summary>
    public long Evaluate(Func<string, long> valueOf) =>
        Monomials.Sum(m => m.Symbols.Aggregate(m.Coefficient, (product, symbol) => product * valueOf(symbol)));

    /// <summary>The extent as text, with the given sign of multiplication.</summary>
    public string Format(string times) => Format(times, symbol => symbol);

    /// <summary>The extent as text, with the given sign of multiplication and the given texts of its symbols.</summary>
    public string Format(string times, Func<string, string> textOf)
    {
        var text = new StringBuilder();
        foreach (var monomial in Monomials)
        {
            var magnitude = Math.Abs(monomial.Coefficient);
            if (text.Length > 0)
            {
                text.Append(monomial.Coefficient < 0 ? " - " : " + ");
            }
            else if (monomial.Coefficient < 0)
            {
                text.Append('-');
            }

            var number = magnitude.ToString(CultureInfo.InvariantCulture);
            text.Append(
                monomial.Symbols.Count == 0 ? number
                : (magnitude == 1 ? "" : number + times) + string.Join(times, monomial.Symbols.Select(textOf)));
        }

        return text.Length == 0 ? "0" : text.ToString();
    }

    public override string ToString() => Format("·");

    public bool Equals(Extent other) => hash == other.hash && Monomials.Equals(other.Monomials);

    public override int GetHashCode() => hash;

    private static Extent Normal(IEnumerable<Monomial> monomials) => new(
        monomials
            .GroupBy(m => m.Symbols)
            .Select(group => new Monomial(group.Sum(m => m.Coefficient), group.Key))
            .Where(m => m.Coefficient != 0)
            .OrderByDescending(m => m.Symbols.Count)
            .ThenBy(m => string.Join("·", m.Symbols), StringComparer.Ordinal)
            .ToEquatable());
}

/// <summary>A product of symbols with an integer coefficient.</summary>
internal readonly record struct Monomial(long Coefficient, EquatableArray<string> Symbols);
