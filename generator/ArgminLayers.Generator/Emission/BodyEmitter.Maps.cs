using System.Linq;
using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Emission;

/// <content>Linear maps along an axis, stable reductions, conditions, extremes and powers, systems of equations. Axes count from the back.</content>
internal sealed partial class BodyEmitter
{
    private string Map(LinearMap map)
    {
        // unflatten alone counts its axis from the front.
        var x = map is Split ? Local(map.Operand, "whole") : Value(map.Operand);
        var rank = program.Nodes[map.Operand].Rank;
        var axis = Axes.Back(rank - map.Axis);
        switch (map)
        {
            case Slice slice:
                return $"{x}.narrow({axis}, {Size(slice.Start)}, {Size(slice.Axes[slice.Axis])})";
            case Pad pad:
                return Padded(pad, x);
            case Split split:
                return $"{x}.unflatten({x}.dim() - {(rank - map.Axis).ToString(System.Globalization.CultureInfo.InvariantCulture)}, new long[] {{ {Size(split.Axes[split.Axis])}, {Size(split.Axes[split.Axis + 1])} }})";
            case Merge:
                return $"{x}.flatten({axis}, {Axes.Back(rank - map.Axis - 1)})";
            case CumulativeSum { Reverse: true }:
                return $"{x}.flip({axis}).cumsum({axis}).flip({axis})";
            case CumulativeSum:
                return $"{x}.cumsum({axis})";
            case Difference:
                return $"{x}.diff(1, {axis})";
            default:
                return $"{x}.flip({axis})";
        }
    }

    /// <summary>pad wants the zeros before and behind each axis, the last axis first.</summary>
    private string Padded(Pad pad, string x)
    {
        var operand = program.Nodes[pad.Operand].Axes[pad.Axis];
        var behind = pad.Axes[pad.Axis] - pad.Before - operand;
        var skipped = string.Concat(Enumerable.Repeat("0, 0, ", pad.Rank - 1 - pad.Axis));
        return $"torch.nn.functional.pad({x}, new long[] {{ {skipped}{Size(pad.Before)}, {Size(behind)} }})";
    }

    private string Reduced(Reduce reduce)
    {
        var axis = Axes.Back(program.Nodes[reduce.Operand].Rank - reduce.Axis);
        return reduce.Reduction == Reduction.LogSumExp
            ? $"{Value(reduce.Operand)}.logsumexp({axis})"
            : $"{Value(reduce.Operand)}.amax(new long[] {{ {axis} }})";
    }

    private string Attained(Attains attains, string comparison) =>
        $"{Value(attains.Operand)}.{comparison}({Value(attains.Largest)}.unsqueeze({Axes.Back(attains.Rank - attains.Axis)}))";

    private string Share(Softmax softmax) =>
        $"{Value(softmax.Operand)}.{(softmax.Logarithm ? "log_softmax" : "softmax")}({Axes.Back(softmax.Rank - softmax.Axis)})";

    private string Combined(Logical logical)
    {
        if (logical.Logic == Logic.Not)
        {
            return $"{Value(logical.Conditions[0])}.logical_not()";
        }

        var method = logical.Logic == Logic.And ? "logical_and" : "logical_or";
        return logical.Conditions.Skip(1).Aggregate(Value(logical.Conditions[0]), (text, condition) => $"{text}.{method}({Value(condition)})");
    }

    private string Extreme(Extremum extremum)
    {
        if (program.Nodes[extremum.Right.Value].IsHost || program.Nodes[extremum.Left.Value].IsHost)
        {
            var (tensor, number) = program.Nodes[extremum.Right.Value].IsHost ? (extremum.Left, extremum.Right) : (extremum.Right, extremum.Left);
            return $"{Aligned(tensor, extremum)}.{(extremum.IsMaximum ? "clamp_min" : "clamp_max")}({ScalarOf(number.Value)})";
        }

        return $"torch.{(extremum.IsMaximum ? "maximum" : "minimum")}({Aligned(extremum.Left, extremum)}, {Aligned(extremum.Right, extremum)})";
    }

    private string Raised(VariablePower power)
    {
        var target = Aligned(power.Exponent.Value == power.Base.Value || !program.Nodes[power.Base.Value].IsHost ? power.Base : power.Exponent, power);
        if (program.Nodes[power.Exponent.Value].IsHost)
        {
            return $"{target}.pow({ScalarOf(power.Exponent.Value)})";
        }

        return program.Nodes[power.Base.Value].IsHost
            ? $"{Full(power.Base.Value)}.pow({target})"
            : $"{target}.pow({Aligned(power.Exponent, power)})";
    }

    private string Aligned(Factor factor, Node result) =>
        Axes.Align(new Indexed(Value(factor.Value), factor.Labels), Enumerable.Range(0, result.Rank).ToList());
}
