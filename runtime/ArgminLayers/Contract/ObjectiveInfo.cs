namespace ArgminLayers;

/// <summary>What the compiler found out about an objective; generated code states it, solvers and messages read it.</summary>
/// <param name="Name">The objective's name, for messages.</param>
/// <param name="Variable">The variable minimised over.</param>
/// <param name="Inputs">The tensor inputs, in the order of the layer's <c>call</c>.</param>
/// <param name="Smoothness">How often f is differentiable in y.</param>
/// <param name="Curvature">What is known about convexity in y.</param>
/// <param name="Structure">What the Hessian in y is made of.</param>
/// <param name="HasConstantHessian">Whether ∂²f/∂y² does not depend on y, so that one Newton step solves the problem.</param>
public sealed record ObjectiveInfo(
    string Name,
    TensorInfo Variable,
    IReadOnlyList<TensorInfo> Inputs,
    Smoothness Smoothness,
    Curvature Curvature,
    HessianStructure Structure,
    bool HasConstantHessian)
{
    /// <summary>Whether y enters through linear predictors beside an isotropic quadratic only: the bound problems are <see cref="LinearPredictorProblem"/>s.</summary>
    public bool HasLinearPredictors { get; init; }

    /// <summary>The forms of the Hessian that apply to this objective: those that <see cref="ArgminOptions.Hessian"/> may ask for.</summary>
    public IReadOnlyList<HessianForm> HessianForms => [.. Enum.GetValues<HessianForm>().Where(form => form switch
    {
        HessianForm.Woodbury or HessianForm.ShermanMorrison => Structure == HessianStructure.DiagonalPlusLowRank,
        HessianForm.Kronecker => Structure is HessianStructure.KroneckerSum or HessianStructure.KroneckerProduct,
        _ => true,
    })];
}

/// <summary>A tensor of the objective: its name, its extents within one problem, and what its values promise.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Extents">One entry a dimension, a symbol ("T") or a number ("3"); none for a scalar.</param>
/// <param name="Promise">What the values promise.</param>
public sealed record TensorInfo(string Name, IReadOnlyList<string> Extents, Promise Promise = Promise.None)
{
    /// <summary>The extent whose length within each problem this scalar says; null where it is an input like any other.</summary>
    public string? LengthOf { get; init; }
}

/// <summary>What a parameter's values promise.</summary>
public enum Promise
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Every element is ≥ 0.</summary>
    NonNegative,

    /// <summary>Every element is > 0.</summary>
    Positive,

    /// <summary>The matrix in the last two dimensions is symmetric and positive definite.</summary>
    PositiveDefinite,
}

/// <summary>How often an objective is differentiable in y.</summary>
public enum Smoothness
{
    /// <summary>Twice continuously differentiable.</summary>
    TwiceContinuous,

    /// <summary>Once continuously differentiable, twice on each of finitely many pieces: Newton's method is semismooth.</summary>
    PiecewiseTwiceContinuous,
}

/// <summary>What is known about an objective's convexity in y. Never a guess.</summary>
public enum Curvature
{
    /// <summary>Nothing could be shown.</summary>
    Unknown,

    /// <summary>Convex.</summary>
    Convex,

    /// <summary>Strongly convex: the minimiser exists and is unique.</summary>
    StronglyConvex,
}

/// <summary>What the Hessian H = ∂²f/∂y² is made of.</summary>
public enum HessianStructure
{
    /// <summary>H = σ I.</summary>
    ScaledIdentity,

    /// <summary>H is diagonal.</summary>
    Diagonal,

    /// <summary>H = diag(d) + Uᵀ diag(w) U; the problem offers <see cref="HessianFactors"/>.</summary>
    DiagonalPlusLowRank,

    /// <summary>No structure that a solver uses.</summary>
    Dense,

    /// <summary>y is a matrix, and the unknowns of one row go with no other row's: a block for every row, or one that all share. The problem offers its <c>Blocks</c>.</summary>
    RowBlocks,

    /// <summary>The same for the columns of y.</summary>
    ColumnBlocks,

    /// <summary>y is a matrix, and H = S ⊗ I + I ⊗ R: a matrix between the rows and one between the columns, as in Sylvester's equation. The problem offers its <c>Kronecker</c> factors.</summary>
    KroneckerSum,

    /// <summary>y is a matrix, and H = S ⊗ R + μI. The problem offers its <c>Kronecker</c> factors.</summary>
    KroneckerProduct,
}
