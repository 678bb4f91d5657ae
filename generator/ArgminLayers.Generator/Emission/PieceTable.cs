using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;
using ArgminLayers.Generator.Structure;

namespace ArgminLayers.Generator.Emission;

/// <summary>The static pieces of a layer, in the order in which they stand there.</summary>
internal static class PieceTable
{
    public static IEnumerable<Piece> Of(LayerContext context)
    {
        var (d, analysis) = (context.Derivation, context.Analysis);
        var y = context.Variable.Name;
        var shape = string.Concat(context.Variable.Axes.Select(axis => ", " + axis));
        var variable = PieceDerivation.ToInput(context.Variable);
        var none = Array.Empty<ExtraParameter>();
        var value = new[] { "value" };

        yield return new Piece("Objective", "The objective f.", "f, of shape (…).", d.Objective(), none, value) { Leading = new[] { variable } };
        yield return new Piece("Gradient", $"The gradient ∂f/∂{y}.", $"The gradient, of shape (…{shape}).", d.Gradient(), none, value) { Leading = new[] { variable } };

        var direction = new ExtraParameter(d.Direction, $"The direction, of shape (…{shape}).");
        yield return new Piece(
            "HessianVectorProduct",
            $"The Hessian ∂²f/∂{y}² times a direction, without forming the Hessian.",
            $"The product, of shape (…{shape}).",
            d.HessianVectorProduct(),
            new[] { direction },
            value) { Leading = new[] { d.Direction, variable } };
        yield return new Piece(
            "HessianDiagonal", $"The diagonal of the Hessian ∂²f/∂{y}².", $"The diagonal, of shape (…{shape}).", d.HessianDiagonal(), none, value) { Leading = new[] { variable } };
        yield return new Piece(
            "Hessian", $"The Hessian ∂²f/∂{y}² as a dense matrix.", $"The Hessian, of shape (…{shape}{shape}).", d.Hessian(), none, value) { Leading = new[] { variable } };
        if (analysis.LowRank is { } lowRank)
        {
            yield return new Piece(
                "Factors",
                "The factors of the Hessian, H = diag(d) + Uᵀ diag(w) U.",
                "d, U and w.",
                lowRank,
                none,
                new[] { "diagonal", "rows", "weights" }) { Leading = new[] { variable } };
        }

        if (analysis.Blocks is { } blocks)
        {
            yield return new Piece(
                "Blocks",
                $"The blocks of the Hessian, one for every {(analysis.Structure == HessianStructure.RowBlocks ? "row" : "column")} of {y}, or one that all share.",
                "The blocks, of shape (…, K or 1, m, m).",
                blocks,
                none,
                value);
        }

        if (analysis.Kronecker is { } kronecker)
        {
            var isSum = analysis.Structure == HessianStructure.KroneckerSum;
            yield return new Piece(
                "Kronecker",
                $"The two matrices of the Hessian, H = {(isSum ? "S ⊗ I + I ⊗ R" : kronecker.Outputs.Count > 2 ? "S ⊗ R + μI" : "S ⊗ R")}: S between the rows of {y}, R between its columns.",
                kronecker.Outputs.Count > 2 ? "S, R and μ." : "S and R.",
                kronecker,
                none,
                new[] { "rows", "columns", "shift" }) { Leading = new[] { variable } };
        }

        if (context.Pieces is { } pieces)
        {
            yield return new Piece(
                "Pieces", "Which smooth piece of the objective a point is on.", "Booleans, of shape (…, kinks).", pieces, none, Enumerable.Repeat("piece", pieces.Outputs.Count).ToArray())
            {
                Leading = new[] { variable },
            };
        }

        var lambda = new ExtraParameter(d.Lambda, $"λ, of shape (…{shape}).");
        var inputs = context.Inputs.Select(input => input.Name).ToArray();
        yield return new Piece(
            "MixedVjp",
            $"The mixed vector–Jacobian products ∂(λᵀ ∂f/∂{y})/∂x for each input x.",
            "One product an input, in the order of the layer's call; null for those not wanted.",
            d.MixedVjp(),
            new[] { lambda },
            inputs) { Leading = new[] { d.Lambda, variable } };

        foreach (var piece in OfPredictor(context, lambda, inputs))
        {
            yield return piece;
        }
    }

    /// <summary>The parameters that φ depends on beside z.</summary>
    public static IReadOnlyCollection<string> PhiParameters(LayerContext context, LinearPredictorForm form)
    {
        var nodes = context.Derivation.Phi(form).Nodes;
        var names = new HashSet<string>(nodes.OfType<Input>().Select(input => input.Name));

        // A size that no argument shows is read off an input of the objective.
        var sized = new HashSet<string>(nodes.OfType<Input>().SelectMany(input => input.Axes).Select(axis => axis.Symbol ?? ""));
        foreach (var symbol in nodes.SelectMany(node => node is ExtentValue value ? value.Extent.Symbols() : node.Axes.SelectMany(axis => axis.Symbols())))
        {
            if (sized.Add(symbol))
            {
                names.Add(context.Inputs.First(input => input.Axes.Any(axis => axis.Symbol == symbol)).Name);
            }
        }

        return context.Others.Select(parameter => parameter.Name).Where(names.Contains).ToList();
    }

    private static IEnumerable<Piece> OfPredictor(LayerContext context, ExtraParameter lambda, string[] inputs)
    {
        if (context.Analysis.Predictor is not { } form)
        {
            yield break;
        }

        var d = context.Derivation;
        var z = form.PredictorName;
        var axes = string.Concat(form.Axes.Select(axis => $", {axis}"));
        var shape = $"(…{axes})";
        var value = new[] { "value" };
        var predictor = d.Predictor(form);
        var extra = new[] { new ExtraParameter(predictor, $"The predictions, of shape {shape}.") };
        var needed = PhiParameters(context, form);
        Piece OfZ(string name, string summary, string returns, Program program) =>
            new(name, summary, returns, program, extra, value) { Leading = new[] { predictor }, TakesVariable = false, Needed = needed };

        yield return OfZ("Phi", $"φ({z}), the part of the objective that depends on the linear predictors {z}.", "φ, of shape (…).", d.Phi(form));
        yield return OfZ("PhiGradient", $"φ′({z}).", $"φ′, of shape {shape}.", d.PhiGradient(form));
        yield return OfZ("PhiCurvature", $"The diagonal of φ″({z}).", $"φ″, of shape {shape}.", d.PhiCurvature(form));
        if (!form.IsSeparable)
        {
            yield return OfZ("PhiHessian", $"φ″({z}).", $"φ″, of shape (…{axes}{axes}).", d.PhiHessian(form));
        }

        var pieces = d.PhiPieces(form);
        if (pieces.Outputs.Count > 0)
        {
            yield return new Piece(
                "PhiPieces",
                $"Which smooth piece of φ {(form.IsSeparable ? "every predictor is" : "the predictors are")} on.",
                form.IsSeparable ? $"Booleans, of shape (…{axes}, kinks)." : "Booleans, of shape (…, kinks).",
                pieces,
                extra,
                Enumerable.Repeat("piece", pieces.Outputs.Count).ToArray())
            {
                Leading = new[] { predictor },
                TakesVariable = false,
                Needed = needed,
            };
        }

        if (form.IsSeparable)
        {
            yield return OfZ("PhiDerivatives", $"φ′({z}), the diagonal of φ″({z}), and which smooth piece of φ every predictor is on, evaluated together.", "φ′, φ″ and the pieces.", d.PhiDerivatives(form));
        }

        yield return new Piece(
            "MixedVjpAt",
            $"The mixed vector–Jacobian products from what a solver already has: {z}, ζ = Aλ, p = φ′({z}) and q = φ″({z}) ζ. The first six arguments have the same batch dimensions.",
            "One product an input, in the order of the layer's call; null for those not wanted.",
            d.MixedVjp(form),
            new[]
            {
                lambda,
                extra[0],
                new ExtraParameter(d.Zeta(form), $"ζ = Aλ, of shape {shape}."),
                new ExtraParameter(d.PhiGradientInput(form), $"p = φ′({z}), of shape {shape}."),
                new ExtraParameter(d.PhiHessianVectorProductInput(form), $"q = φ″({z}) ζ, of shape {shape}."),
            },
            inputs)
        {
            Leading = new[] { d.Lambda, predictor, d.Zeta(form), d.PhiGradientInput(form), d.PhiHessianVectorProductInput(form), PieceDerivation.ToInput(context.Variable) },
            HasOneBatch = true,
        };
    }
}
