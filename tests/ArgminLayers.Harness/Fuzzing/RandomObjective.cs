using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>A random objective: Σ coefficient · step over its terms, every term a scalar.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Parameters">The method's parameters.</param>
/// <param name="Steps">The tensor parameters, in order, then the operations, each on earlier steps.</param>
/// <param name="Terms">The summands.</param>
internal sealed record RandomObjective(string Name, IReadOnlyList<Parameter> Parameters, IReadOnlyList<Step> Steps, IReadOnlyList<(Number Coefficient, int Step)> Terms)
{
    /// <summary>Values beyond this are not generic: autograd of libtorch loses digits in sigmoid, tanh and softplus.</summary>
    public const double LargestActivation = 8;

    private const double KinkMargin = 1e-3;

    /// <summary>The operations that the objective uses.</summary>
    public IEnumerable<string> Operations
    {
        get
        {
            var used = Used();
            return Steps.Where((_, k) => used[k] > 0).SelectMany(step => step.Operations).Concat(Terms.SelectMany(term => term.Coefficient.Operations));
        }
    }

    public int Size
    {
        get
        {
            var used = Used();
            return used.Count(uses => uses > 0) + Terms.Count;
        }
    }

    /// <summary>Whether every value stays within its range, away from kinks.</summary>
    public bool IsRegularAt(Point point)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var values = new Tensor[Steps.Count];
        var used = Used();
        for (var k = 0; k < Steps.Count; k++)
        {
            if (used[k] == 0)
            {
                continue;
            }

            var operands = Steps[k].Operands.Select(operand => values[operand]).ToArray();
            try
            {
                values[k] = Steps[k].Evaluate(operands, point);
            }
            catch (ExternalException)
            {
                // An extent too small for a part of it.
                return false;
            }

            if (!IsRegular(Steps[k], operands, values[k], point))
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsRegular(Step step, Tensor[] operands, Tensor value, Point point) =>
        value.numel() > 0 && value.abs().max().ToDouble() is <= LargestActivation && (step.Distance is null || step.Distance(operands, point).min().ToDouble() >= KinkMargin);

    /// <summary>The method, without its class.</summary>
    public string Method()
    {
        var uses = Used();
        var texts = new string[Steps.Count];
        var body = new StringBuilder();
        for (var k = 0; k < Steps.Count; k++)
        {
            if (uses[k] == 0)
            {
                continue;
            }

            var step = Steps[k];
            var text = string.Format(CultureInfo.InvariantCulture, step.Format, step.Operands.Select(operand => (object)texts[operand]).ToArray());
            texts[k] = step.Operands.Count == 0 ? text : $"({text})";
            if (step.Operands.Count > 0 && (step.IsNamed || uses[k] > 1))
            {
                texts[k] = $"v{k}";
                body.Append(CultureInfo.InvariantCulture, $"        var v{k} = {text};\n");
            }
        }

        var sum = string.Join(" + ", Terms.Select(term => $"{term.Coefficient.Text} * {texts[term.Step]}"));
        return $$"""
                [ArgminLayer]
                public static Tensor {{Name}}({{string.Join(", ", Parameters.Select(parameter => parameter.Declaration))}})
                {
            {{body}}        return {{sum}};
                }

            """;
    }

    /// <summary>A source file with the methods of several objectives.</summary>
    public static string Source(IEnumerable<RandomObjective> objectives) => $$"""
        using System;
        using ArgminLayers;
        using TorchSharp;
        using static TorchSharp.torch;

        #pragma warning disable CS1591
        public static class Objectives
        {
        {{string.Concat(objectives.Select(objective => objective.Method()))}}    private static Tensor Squares(Tensor a) => (a * a).sum();

            private static Tensor Blend(Tensor a, Tensor b, double share)
            {
                var rest = 1 - share;
                return share * a + rest * b;
            }
        }
        """;

    /// <summary>How often each step is used; 0 for those that contribute to no term.</summary>
    public int[] Used()
    {
        var uses = new int[Steps.Count];
        foreach (var (_, step) in Terms)
        {
            uses[step]++;
        }

        for (var k = Steps.Count - 1; k >= 0; k--)
        {
            if (uses[k] > 0)
            {
                foreach (var operand in Steps[k].Operands)
                {
                    uses[operand]++;
                }
            }
        }

        return uses;
    }
}
