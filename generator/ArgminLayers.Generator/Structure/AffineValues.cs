using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>Which values are affine in a variable.</summary>
internal sealed class AffineValues
{
    private readonly Algebra algebra;
    private readonly int variable;
    private readonly bool[] depends;
    private readonly Dictionary<int, bool> known = new();

    public AffineValues(Algebra algebra, int variable)
    {
        this.algebra = algebra;
        this.variable = variable;
        depends = Dependence.On(algebra.Nodes, variable);
    }

    /// <summary>Whether a value depends on the variable.</summary>
    public bool Depends(int value) => depends[value];

    /// <summary>Whether a value is affine in the variable, or does not depend on it.</summary>
    public bool Contains(int value)
    {
        if (!known.TryGetValue(value, out var isAffine))
        {
            known.Add(value, isAffine = Find(value));
        }

        return isAffine;
    }

    private bool Find(int value) => !depends[value] || value == variable || algebra[value] switch
    {
        Sum or LinearMap => algebra[value].Operands.All(Contains),
        Contraction contraction => contraction.Factors.Count(factor => depends[factor.Value]) == 1 && contraction.Operands.All(Contains),
        Select select => !depends[select.Condition.Value] && Contains(select.Then.Value) && Contains(select.Otherwise.Value),
        _ => false,
    };
}
