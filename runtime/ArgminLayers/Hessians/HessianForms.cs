namespace ArgminLayers.Hessians;

/// <summary>Which forms apply to which structure.</summary>
internal static class HessianForms
{
    /// <summary>The form for a layer's backward pass.</summary>
    /// <exception cref="ArgumentException">The form does not apply to the objective's structure.</exception>
    public static IHessianForm Create(HessianForm form, ObjectiveInfo info, ArgminOptions options) => form switch
    {
        HessianForm.Auto => new AutoHessian(info.Structure, ConjugateGradient(options)),
        HessianForm.ConjugateGradient => ConjugateGradient(options),
        HessianForm.Cholesky => new CholeskyHessian(),
        HessianForm.Diagonal => new DiagonalHessian(),
        HessianForm.Woodbury when HasFactors(info) => new WoodburyHessian(),
        HessianForm.ShermanMorrison when HasFactors(info) => new ShermanMorrisonHessian(),
        HessianForm.Kronecker when IsKronecker(info) => new KroneckerHessian(),
        HessianForm.Kronecker => throw new ArgumentException(
            $"HessianForm.Kronecker needs a matrix y whose Hessian is S ⊗ I + I ⊗ R or S ⊗ R + μI, but {info.Name}'s is {Describe(info.Structure)}; use HessianForm.Auto.", nameof(form)),
        HessianForm.Woodbury or HessianForm.ShermanMorrison => throw new ArgumentException(
            $"HessianForm.{form} works on the factors of a Hessian that is diagonal plus low rank, but {info.Name}'s is {Describe(info.Structure)}; "
            + "use HessianForm.Auto, Cholesky, ConjugateGradient or Diagonal.",
            nameof(form)),
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "There is no such form of the Hessian."),
    };

    /// <summary>The form for the steps of a solver, which are exact whatever the backward pass approximates.</summary>
    public static IHessianForm CreateExact(ObjectiveInfo info, ArgminOptions options)
        => Create(options.Hessian == HessianForm.Diagonal ? HessianForm.Auto : options.Hessian, info, options);

    private static ConjugateGradientHessian ConjugateGradient(ArgminOptions options) => new(options.LinearTolerance, options.MaxLinearIterations);

    private static bool HasFactors(ObjectiveInfo info) => info.Structure == HessianStructure.DiagonalPlusLowRank;

    private static bool IsKronecker(ObjectiveInfo info) => info.Structure is HessianStructure.KroneckerSum or HessianStructure.KroneckerProduct;

    private static string Describe(HessianStructure structure) => structure switch
    {
        HessianStructure.ScaledIdentity => "a multiple of the identity",
        HessianStructure.Diagonal => "diagonal",
        HessianStructure.RowBlocks or HessianStructure.ColumnBlocks => "block diagonal",
        HessianStructure.DiagonalPlusLowRank => "diagonal plus low rank",
        HessianStructure.KroneckerSum or HessianStructure.KroneckerProduct => "made of Kronecker products",
        _ => "dense",
    };
}
