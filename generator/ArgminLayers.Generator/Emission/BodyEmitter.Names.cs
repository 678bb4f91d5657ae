using System.Collections.Generic;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Emission;

/// <content>What locals are called where the source has no name for them.</content>
internal sealed partial class BodyEmitter
{
    /// <summary>What mathematics calls the argument of the function that the value goes into, or else what the value is.</summary>
    private string Wish(int value) => program.Nodes[value] is Sum or Contraction && roles.TryGetValue(value, out var role) ? role : Wish(program.Nodes[value]);

    private static Dictionary<int, string> Roles(Program program)
    {
        var roles = new Dictionary<int, string>();
        foreach (var node in program.Nodes)
        {
            var (operand, role) = node switch
            {
                Elementwise { Function: Function.Relu } relu => (relu.Operand, "margin"),
                Compare compare => (compare.Operand, "margin"),
                Elementwise { Function: Function.Exp or Function.Expm1 } exp => (exp.Operand, "exponent"),
                Elementwise { Function: Function.Sqrt } root => (root.Operand, "radicand"),
                Elementwise { Function: Function.Reciprocal } reciprocal => (reciprocal.Operand, "denominator"),
                Elementwise { Function: Function.Log or Function.Log1p } log => (log.Operand, "argument"),
                Softmax softmax => (softmax.Operand, "scores"),
                Reduce { Reduction: Reduction.LogSumExp } total => (total.Operand, "scores"),
                _ => (-1, ""),
            };
            if (!roles.ContainsKey(operand))
            {
                roles.Add(operand, role);
            }
        }

        return roles;
    }

    private static string Wish(Node node) => node switch
    {
        Elementwise f => f.Function == Function.Sign ? "sign" : f.Function.ToString().ToLowerInvariant(),
        Sum { Terms.Count: 2 } sum when sum.Terms[0].Coefficient * sum.Terms[1].Coefficient < 0 => "difference",
        Sum => "sum",
        Contraction => "product",
        Select => "selected",
        LinearMap map => map.GetType().Name.ToLowerInvariant(),
        Reduce reduce => reduce.Reduction == Reduction.Maximum ? "largest" : "logTotal",
        Softmax => "shares",
        Extremum => "extreme",
        VariablePower => "power",
        Programs.Solve => "solution",
        Programs.Determinant => "determinant",
        LogDeterminant => "logDeterminant",
        Compare => "holds",
        Attains => "isLargest",
        _ => "value",
    };
}
