using System.Linq;
using ArgminLayers.Generator.Lowering;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>What was found out about an objective, in sentences.</summary>
internal static class Verdict
{
    public static string Smoothness(Analysis analysis) => analysis.Smoothness.Class == SmoothnessClass.TwiceContinuous
        ? "Twice continuously differentiable."
        : "Continuously differentiable, twice on each of finitely many pieces (semismooth Newton).";

    public static string Curvature(Analysis analysis) => analysis.Modulus.Length > 0
        ? $"Strongly convex with modulus {analysis.Modulus}: {analysis.Because}."
        : analysis.Curvature.IsBySigns ? "Convex: no term of the Hessian is negative."
        : analysis.Curvature.IsConvex ? "Convex."
        : $"Curvature unknown: no rule for {analysis.Curvature.Culprit}.";

    public static string Hessian(LayerModel model, Analysis analysis) => Structure(model, analysis) + (
        analysis.Structure == HessianStructure.DiagonalPlusLowRank && analysis.MayLackBase
            ? " Its diagonal part may have zeros, as of an unregularised bias: the system is bordered there, or factorised as a dense one where the zeros are many."
        : analysis.DenseBecause.Length > 0 ? $" Dense, because {analysis.DenseBecause}: Cholesky."
        : "");

    private static string Structure(LayerModel model, Analysis analysis) => (analysis.Structure, analysis.HasConstantHessian) switch
    {
        (_, true) when AxesOfVariable(model).Count == 0 => "The Hessian is a constant number: one step solves.",
        _ when AxesOfVariable(model).Count == 0 => "The Hessian is a number.",
        _ when analysis.Predictor is { Shared: { } shared, IsSeparable: false } form =>
            $"The Hessian is ρI + Aᵀ S A, where {form.PredictorName} is A on every {(shared.InVariable == 1 ? "column" : "row")} of the variable and S = φ″({form.PredictorName}) is not diagonal.",
        _ when analysis.Predictor is { IsSeparable: false } form => $"The Hessian is ρI + AᵀSA, where {form.PredictorName} = Ay + b and S = φ″({form.PredictorName}) is not diagonal.",
        (HessianStructure.ScaledIdentity, true) => "The Hessian is a constant multiple of the identity: one step solves.",
        (HessianStructure.ScaledIdentity, _) => "The Hessian is a multiple of the identity.",
        (HessianStructure.Diagonal, true) => "The Hessian is diagonal and constant: one step solves.",
        (HessianStructure.Diagonal, _) => "The Hessian is diagonal.",
        (HessianStructure.DiagonalPlusLowRank, true) => "The Hessian is diagonal plus low rank and constant: one step solves.",
        (HessianStructure.DiagonalPlusLowRank, _) => "The Hessian is diagonal plus low rank.",
        (HessianStructure.RowBlocks or HessianStructure.ColumnBlocks, _) => Blocks(analysis),
        (HessianStructure.KroneckerSum, var isConstant) => $"The Hessian is S ⊗ I + I ⊗ R, with S between the rows of the variable and R between its columns (Sylvester){Constant(isConstant)}.",
        (HessianStructure.KroneckerProduct, var isConstant) =>
            $"The Hessian is S ⊗ R{(analysis.Kronecker!.Outputs.Count > 2 ? " + μI" : "")}, with S between the rows of the variable and R between its columns{Constant(isConstant)}.",
        (_, true) => "The Hessian is dense and constant: one step solves.",
        _ => "The Hessian is dense.",
    };

    private static string Constant(bool isConstant) => isConstant ? ", and constant: one step solves" : "";

    private static string Blocks(Analysis analysis)
    {
        var part = analysis.Structure == HessianStructure.RowBlocks ? "row" : "column";
        var isShared = analysis.Blocks!.Nodes[analysis.Blocks.Outputs[0]].Rank == 2;
        return $"The Hessian has {(isShared ? $"one block, which every {part} of the variable shares" : $"a block for every {part} of the variable")}{(analysis.HasConstantHessian ? ", and is constant: one step solves" : "")}.";
    }

    public static string Solver(LayerModel model, Analysis analysis)
    {
        var axes = AxesOfVariable(model);
        var n = axes.Aggregate(Extent.Of(1), (product, axis) => product * axis).Format("·");
        return analysis switch
        {
            { Predictor: { Shared: { } shared, IsSeparable: true } form } =>
                $"Newton in the span of the predictors' rows, {(shared.InVariable == 1 ? "column by column" : "row by row")}: O({Atom(form.Axes[1 - shared.InPredictor])}² {Atom(axes[1 - shared.InVariable])} + {Atom(form.Axes[shared.InPredictor])} {Atom(form.Axes[1 - shared.InPredictor])}³).",
            { Predictor: { Shared: { } shared } form } => $"Newton in the span of the predictors' rows: O({Atom(form.Axes[1 - shared.InPredictor])}² {Atom(axes[1 - shared.InVariable])} + ({form.Size.Format("·")})³).",
            { Predictor: { } form } => $"Newton in the span of the predictors' rows: O({Atom(form.Size)}² {n} + {Atom(form.Size)}³).",
            { Structure: HessianStructure.ScaledIdentity or HessianStructure.Diagonal } => $"Newton: O({n}) a step.",
            { Blocks: { } blocks } => Blocks(blocks),
            { Kronecker: { } factors } => $"Newton, two eigendecompositions: O({Power(Size(factors, 0))} + {Power(Size(factors, 1))}) a step.",
            { LowRank: { } factors } => $"Newton: O({Atom(Rows(factors))}² {n} + {Atom(Rows(factors))}³) a step, or O({n}³) where that is less.",
            _ => $"Newton: O({(axes.Count > 1 ? $"({n})" : n)}³) a step.",
        };
    }

    private static EquatableArray<Extent> AxesOfVariable(LayerModel model) => model.Parameters.First(parameter => parameter.Kind == ParameterKind.Variable).Axes;

    private static string Atom(Extent extent) => extent.Symbol is null && extent.Number is null ? $"({extent})" : extent.ToString();

    /// <summary>The cost of Cholesky block by block.</summary>
    private static string Blocks(Program blocks)
    {
        var axes = blocks.Nodes[blocks.Outputs[0]].Axes;
        return axes.Count == 2 ? $"Newton, one Cholesky factorisation for all: O({axes[0]}³) a step." : $"Newton, Cholesky block by block: O({axes[0]} {axes[1]}³) a step.";
    }

    private static string Power(Extent extent) => Atom(extent) + "³";

    private static Extent Size(Program factors, int output) => factors.Nodes[factors.Outputs[output]].Axes[0];

    /// <summary>How many rows the factors of a Hessian have.</summary>
    private static Extent Rows(Program factors) => factors.Outputs.Skip(2).Where((_, k) => k % 2 == 0)
        .Select(weights => factors.Nodes[weights].Axes.Aggregate(Extent.Of(1), (product, axis) => product * axis)).Aggregate((left, right) => left + right);

    public static string Sentence(LayerModel model, Analysis analysis) =>
        $"{model.ClassName}: {Smoothness(analysis)} {Curvature(analysis)} {Hessian(model, analysis)} {Solver(model, analysis)}";
}
