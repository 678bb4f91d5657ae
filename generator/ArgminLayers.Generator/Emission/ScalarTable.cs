using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Lowering;

namespace ArgminLayers.Generator.Emission;

/// <summary>
/// The numbers of a layer's code as static fields: a temporary Scalar may be finalised while libtorch reads it, so every literal is rooted.
/// </summary>
internal sealed class ScalarTable
{
    private readonly SortedDictionary<double, string> names = new();

    public string NameOf(double value)
    {
        if (!names.TryGetValue(value, out var name))
        {
            name = value switch
            {
                0 => "Zero",
                0.5 => "Half",
                1 => "One",
                2 => "Two",
                3 => "Three",
                4 => "Four",
                -1 => "MinusOne",
                -0.5 => "MinusHalf",
                -2 => "MinusTwo",
                _ => "Number" + Literals.Of(value).Replace("-", "Minus").Replace(".", "Point").Replace("+", ""),
            };
            names.Add(value, name);
        }

        return name;
    }

    public IReadOnlyList<(string Name, string Value)> All => names.Select(pair => (pair.Value, Literals.Of(pair.Key))).ToList();
}
