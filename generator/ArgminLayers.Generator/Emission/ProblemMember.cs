using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Lowering;
using ArgminLayers.Generator.Programs;
using ArgminLayers.Generator.Structure;

namespace ArgminLayers.Generator.Emission;

/// <summary>The layer's side of the contract with the solvers: a thin class that forwards to the pieces.</summary>
internal static class ProblemMember
{
    public static void Emit(LayerContext context, SourceWriter writer)
    {
        var form = context.Analysis.Predictor;
        writer.Line($"private sealed class Problem : global::ArgminLayers.{(form is null ? "ArgminProblem" : "LinearPredictorProblem")}");
        using (writer.Indent())
        {
            Fields(context, writer);
            writer.Line();
            writer.Line("public override global::ArgminLayers.ObjectiveInfo Info => " + Class(context) + ".Info;");
            if (context.Analysis.HasLimitedDomain)
            {
                writer.Line();
                writer.Line("public override bool HasLimitedDomain => true;");
            }

            Override(writer, "Tensor Objective(Tensor y)", Forward(context, "Objective", new[] { "y" }, 0));
            Override(writer, "Tensor Gradient(Tensor y)", Forward(context, "Gradient", new[] { "y" }, 1));
            Override(writer, "Tensor HessianVectorProduct(Tensor y, Tensor direction)", Forward(context, "HessianVectorProduct", new[] { "y", "direction" }, 1));
            Override(writer, "Tensor HessianDiagonal(Tensor y)", Forward(context, "HessianDiagonal", new[] { "y" }, 1));
            Override(writer, "Tensor Hessian(Tensor y)", Forward(context, "Hessian", new[] { "y" }, 2));
            if (context.Pieces is not null)
            {
                Override(writer, "Tensor Pieces(Tensor y)", Forward(context, "Pieces", new[] { "y" }, 0));
                IsPiecewiseQuadratic(context, writer);
            }

            if (context.Analysis.LowRank is not null && form is not { IsSeparable: true })
            {
                Override(writer, "global::ArgminLayers.HessianFactors Factors(Tensor y)", $"{Class(context)}.Factors({Arguments(context, "y")})");
            }

            if (context.Analysis.Blocks is { } blocks)
            {
                // Blocks of numbers alone have no batch dimension, which the contract asks for.
                var hasBatch = blocks.Nodes.Any(static node => node is Input { Domain: Domain.Tensor });
                Override(writer, "Tensor Blocks(Tensor y)", Forward(context, "Blocks", new[] { "y" }, 0) + (hasBatch ? "" : ".unsqueeze(0)"));
            }

            if (context.Analysis.Kronecker is not null)
            {
                Override(writer, "global::ArgminLayers.KroneckerFactors Kronecker(Tensor y)", Forward(context, "Kronecker", new[] { "y" }, 0));
            }

            Override(
                writer,
                "Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted)",
                Forward(context, "MixedVjp", new[] { "y", "lambda" }, 0, "wanted"));
            if (form is not null)
            {
                Predictor(context, form, writer);
            }
        }
    }

    private static void Predictor(LayerContext context, LinearPredictorForm form, SourceWriter writer)
    {
        var name = Class(context);
        var phiArguments = string.Join(", ", new[] { Unflattened(context, form, "z") }.Concat(PieceTable.PhiParameters(context, form).Select(parameter => "this." + Identifiers.Escape(parameter))));
        writer.Line();
        writer.Line("public override Tensor Predictors => predictors;");
        if (form.Shared is { } shared)
        {
            var sharesHessian = context.Analysis.Blocks is { } blocks && blocks.Nodes[blocks.Outputs[0]].Rank == 2;
            writer.Line();
            writer.Line("public override global::ArgminLayers.PredictorColumns Columns =>");
            writer.Line($"    new({Size(context.Inputs, form.Axes[shared.InPredictor])}, LeadInVariable: {Literal(shared.InVariable == 0)}, LeadInPredictions: {Literal(shared.InPredictor == 0)}){(sharesHessian ? " { ShareHessian = true }" : "")};");
        }

        if (!form.IsSeparable)
        {
            writer.Line();
            writer.Line("public override bool IsSeparable => false;");
        }

        IsPiecewiseQuadratic(context, writer);
        PartMember(context, form, LinearPredictorForm.Rho, "Tensor Rho()", writer);
        if (form.HasLinear)
        {
            PartMember(context, form, LinearPredictorForm.Linear, "Tensor Linear()", writer);
        }

        if (form.HasOffset)
        {
            PartMember(context, form, LinearPredictorForm.Offset, "Tensor Offset()", writer);
        }

        Override(writer, "Tensor Phi(Tensor z)", $"{name}.Phi({phiArguments})");
        Override(writer, "Tensor PhiGradient(Tensor z)", $"{name}.PhiGradient({phiArguments})" + Flattened(form, 1));
        Override(writer, "Tensor PhiCurvature(Tensor z)", $"{name}.PhiCurvature({phiArguments})" + Flattened(form, 1));
        if (!form.IsSeparable)
        {
            Override(writer, "Tensor PhiHessian(Tensor z)", $"{name}.PhiHessian({phiArguments})" + Flattened(form, 2));
        }

        if (context.Derivation.PhiPieces(form).Outputs.Count > 0)
        {
            Override(writer, "Tensor PhiPieces(Tensor z)", $"{name}.PhiPieces({phiArguments})" + (form.Shared is null || !form.IsSeparable ? "" : ".flatten(-3, -2)"));
        }

        if (form.IsSeparable)
        {
            Override(writer, "global::ArgminLayers.PredictorDerivatives PhiDerivatives(Tensor z)", $"{name}.PhiDerivatives({phiArguments})" + (form.Shared is null ? "" : ".Flattened()"));
        }

        var points = new[] { "at.Y", "at.Lambda" }.Select(point => OfVariable(context, point))
            .Append(Unflattened(context, form, "at.Z"))
            .Append(Unflattened(context, form, "at.Zeta", "?") + "!")
            .Concat(new[] { "at.PhiGradient", "at.PhiHessianVectorProduct" }.Select(point => Unflattened(context, form, point)));
        Override(
            writer,
            "Tensor?[] MixedVjp(global::ArgminLayers.LinearPredictorPoint at, IReadOnlyList<bool> wanted)",
            $"{name}.MixedVjpAt({Arguments(context, points.ToArray())}, wanted)");
        NeedsZeta(context, form, writer);
    }

    /// <summary>Whether some product that is asked for takes ζ itself; nothing where all of them do, which is the contract's own answer.</summary>
    private static void NeedsZeta(LayerContext context, LinearPredictorForm form, SourceWriter writer)
    {
        var program = context.Derivation.MixedVjp(form);
        var readers = new SharedValues(program).ReadersOf(context.Derivation.Zeta(form)).ToList();
        if (readers.Count < program.Outputs.Count)
        {
            writer.Line();
            writer.Line($"public override bool NeedsZeta(IReadOnlyList<bool> wanted) => {(readers.Count == 0 ? "false" : PieceMember.Wanted(readers))};");
        }
    }

    /// <summary>The solvers' flat predictions as the objective's own.</summary>
    private static string Unflattened(LayerContext context, LinearPredictorForm form, string flat, string access = "")
    {
        if (form.Shared is not { } shared)
        {
            return flat;
        }

        var (rows, columns) = ("predictors.size(-2)", Size(context.Inputs, form.Axes[shared.InPredictor]));
        return $"{flat}{access}.unflatten({flat}.dim() - 1, {(shared.InPredictor == 0 ? $"{columns}, {rows}" : $"{rows}, {columns}")})";
    }

    private static string Flattened(LinearPredictorForm form, int count) => form.Shared is null ? "" : count == 1 ? ".flatten(-2, -1)" : ".flatten(-4, -3).flatten(-2, -1)";

    private static string Literal(bool value) => value ? "true" : "false";

    private static void IsPiecewiseQuadratic(LayerContext context, SourceWriter writer)
    {
        if (context.Analysis.IsPiecewiseQuadratic)
        {
            writer.Line();
            writer.Line("public override bool IsPiecewiseQuadratic => true;");
        }
    }

    /// <summary>ρ, c or b, of this problem's inputs.</summary>
    private static void PartMember(LayerContext context, LinearPredictorForm form, int part, string signature, SourceWriter writer)
    {
        writer.Line();
        var program = context.Derivation.Part(form, part);
        var tensors = context.Inputs.Select(PieceDerivation.ToInput).ToList();
        var body = new BodyEmitter(program, tensors, context.Others.Select(parameter => parameter.Name), context.Integers, context.Scalars);
        var output = program.Outputs[0];
        var isNumber = program.Nodes[output].IsHost;
        var result = (isNumber ? body.FullVector(output) : body.Result(output) + body.OwnBatch(output)) + (program.Nodes[output].Rank == 2 ? ".flatten(-2, -1)" : "");
        writer.Line($"public override {signature}");
        using (writer.Indent())
        {
            writer.Line("using var scope = torch.NewDisposeScope();");
            foreach (var line in body.Prologue().Concat(body.TakeLines()))
            {
                writer.Line(line);
            }

            writer.Line($"return {result}.MoveToOuterDisposeScope();");
        }
    }

    private static void Fields(LayerContext context, SourceWriter writer)
    {
        foreach (var parameter in context.Others)
        {
            writer.Line($"private readonly {LayerContext.TypeOf(parameter)} {Identifiers.Escape(parameter.Name)};");
        }

        var form = context.Analysis.Predictor;
        if (form is not null)
        {
            writer.Line("private readonly Tensor predictors;");
        }

        writer.Line();
        writer.Line($"public Problem({string.Join(", ", context.Others.Select(LayerContext.Declare))})");
        using (writer.Indent())
        {
            foreach (var parameter in context.Others)
            {
                writer.Line($"this.{Identifiers.Escape(parameter.Name)} = {Identifiers.Escape(parameter.Name)};");
            }

            if (form is not null)
            {
                var program = context.Derivation.Part(form, LinearPredictorForm.Predictors);
                var body = new BodyEmitter(
                    program, context.Inputs.Select(PieceDerivation.ToInput).ToList(), context.Others.Select(parameter => parameter.Name), context.Integers, context.Scalars);
                var text = body.Value(program.Outputs[0]) + body.OwnBatch(program.Outputs[0]);
                foreach (var line in body.Prologue().Concat(body.TakeLines()))
                {
                    writer.Line(line);
                }

                writer.Line($"predictors = {text};");
            }
        }
    }

    /// <summary>A call of a piece, between the solvers' flat y and the objective's own.</summary>
    private static string Forward(LayerContext context, string piece, IReadOnlyList<string> points, int flattened, string? last = null)
    {
        var rank = context.Variable.Axes.Count;
        var owned = points.Select(point => OfVariable(context, point));
        var call = $"{Class(context)}.{piece}({Arguments(context, owned.ToArray())}{(last is null ? "" : ", " + last)})";
        for (var k = 0; k < flattened; k++)
        {
            call += rank switch
            {
                0 => ".unsqueeze(-1)",
                1 => "",
                _ => $".flatten({Axes.Back((flattened - k) * rank)}, {Axes.Back(((flattened - 1 - k) * rank) + 1)})",
            };
        }

        return call;
    }

    /// <summary>A point of the solvers' flat y as the objective's own.</summary>
    private static string OfVariable(LayerContext context, string point) => context.Variable.Axes.Count switch
    {
        1 => point,
        0 => $"{point}.squeeze(-1)",
        _ => $"{point}.reshape(-1, {string.Join(", ", context.Variable.Axes.Select(axis => Size(context.Inputs, axis)))})",
    };

    /// <summary>An extent as it is read off one of the inputs.</summary>
    public static string Size(IEnumerable<ParameterModel> inputs, Programs.Extent extent)
    {
        if (extent.Number is { } number)
        {
            return number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        foreach (var input in inputs)
        {
            for (var axis = 0; axis < input.Axes.Count; axis++)
            {
                if (input.Axes[axis] == extent)
                {
                    return $"{Identifiers.Escape(input.Name)}.size({Axes.Back(input.Axes.Count - axis)})";
                }
            }
        }

        throw new InvalidOperationException($"No input has an axis of extent {extent}.");
    }

    private static void Override(SourceWriter writer, string signature, string call)
    {
        writer.Line();
        if (call.EndsWith(")", StringComparison.Ordinal) && !call.Contains("queeze(-1)") && !call.Contains("flatten(") && !call.Contains("reshape("))
        {
            writer.Line($"public override {signature} =>");
            writer.Line($"    {call};");
            return;
        }

        writer.Line($"public override {signature}");
        using (writer.Indent())
        {
            writer.Line("using var scope = torch.NewDisposeScope();");
            if (signature.StartsWith("Tensor?[]", StringComparison.Ordinal))
            {
                writer.Line($"var results = {call};");
                writer.Line("foreach (var result in results)");
                using (writer.Indent())
                {
                    writer.Line("result?.MoveToOuterDisposeScope();");
                }

                writer.Line();
                writer.Line("return results;");
            }
            else
            {
                writer.Line($"return {call}.MoveToOuterDisposeScope();");
            }
        }
    }

    private static string Arguments(LayerContext context, params string[] points) =>
        string.Join(", ", points.Concat(context.Others.Select(parameter => "this." + Identifiers.Escape(parameter.Name))));

    private static string Class(LayerContext context) => Identifiers.Escape(context.Model.ClassName);
}
