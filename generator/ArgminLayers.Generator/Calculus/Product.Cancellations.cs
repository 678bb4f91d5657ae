using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Calculus;

/// <content>Factors that cancel each other.</content>
internal sealed partial class Product
{
    /// <summary>sgn(x)² = 1, at 0 too: the curvature of x ↦ h(|x|) there is the one-sided one.</summary>
    private bool CancelSigns()
    {
        for (var k = 0; k < factors.Count; k++)
        {
            if (algebra[factors[k].Value] is Elementwise { Function: Function.Sign })
            {
                var twin = factors.IndexOf(factors[k], k + 1);
                if (twin > 0)
                {
                    factors.RemoveAt(twin);
                    factors.RemoveAt(k);
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>√s · √s = s for a sum of squares s, which has no kink.</summary>
    private bool CancelRoots()
    {
        for (var k = 0; k < factors.Count; k++)
        {
            if (algebra[factors[k].Value] is Elementwise { Function: Function.Sqrt } root && IsSumOfSquares(root.Operand))
            {
                var twin = factors.IndexOf(factors[k], k + 1);
                if (twin > 0)
                {
                    factors.RemoveAt(twin);
                    factors[k] = factors[k] with { Value = root.Operand };
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>p / p = 1 for a product p of parameters that are promised to be positive.</summary>
    private bool CancelReciprocals()
    {
        for (var k = 0; k < factors.Count; k++)
        {
            if (algebra[factors[k].Value] is not Elementwise { Function: Function.Reciprocal } reciprocal)
            {
                continue;
            }

            if (IsPositiveProduct(reciprocal.Operand) && Cancel(k, reciprocal.Operand))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsPositiveProduct(int value)
    {
        if (algebra[value] is not Contraction { Summed.Count: 0 } product)
        {
            return algebra[value] is Input { Promise: Promise.Positive };
        }

        foreach (var factor in product.Factors)
        {
            if (algebra[factor.Value] is not Input { Promise: Promise.Positive })
            {
                return false;
            }
        }

        return product.Coefficient != 0 && product.Factors.Count > 0;
    }

    /// <summary>Takes the reciprocal of a product away, and the factors of that product, where they all stand here.</summary>
    private bool Cancel(int place, int of)
    {
        var labels = factors[place].Labels;
        var (divisor, parts) = algebra[of] is Contraction product
            ? (product.Coefficient, product.Factors.Map(part => part with { Labels = part.Labels.Map(label => labels[label]) }))
            : (1, EquatableArray.Of(new Factor(of, labels)));
        var rest = new List<Factor>(factors);
        rest.RemoveAt(place);
        if (!parts.All(rest.Remove))
        {
            return false;
        }

        coefficient /= divisor;
        factors.Clear();
        factors.AddRange(rest);
        return true;
    }

    private bool IsSumOfSquares(int value) => algebra[value] is Contraction { Coefficient: >= 0 } contraction
        && contraction.Factors.GroupBy(factor => factor).All(group => group.Count() % 2 == 0
            || algebra[group.Key.Value] is Input { Promise: Promise.NonNegative or Promise.Positive }
            || IsSumOfSquares(group.Key.Value));
}
