namespace ArgminLayers.Hessians;

/// <summary>The forms that options ask for.</summary>
internal static class HessianForms
{
    /// <summary>The form for a layer's backward pass.</summary>
    /// <exception cref="ArgumentException">The form does not apply to the objective's structure.</exception>
    public static IHessianForm Create(HessianForm form, ObjectiveInfo info, ArgminOptions options)
    {
        if (Enum.IsDefined(form) && !info.HessianForms.Contains(form))
            throw Inapplicable(form, info);
        return form switch
        {
            HessianForm.Auto => new AutoHessian(info.Structure, ConjugateGradient(options)),
            HessianForm.ConjugateGradient => ConjugateGradient(options),
            HessianForm.Cholesky => new CholeskyHessian(),
            HessianForm.Diagonal => new DiagonalHessian(),
            HessianForm.Woodbury => new WoodburyHessian(),
            HessianForm.ShermanMorrison => new ShermanMorrisonHessian(),
            HessianForm.Kronecker => new KroneckerHessian(),
            _ => throw new ArgumentOutOfRangeException(nameof(form), form, "There is no such form of the Hessian."),
        };
    }

    /// <summary>The form for the steps of a solver, which are exact whatever the backward pass approximates.</summary>
    public static IHessianForm CreateExact(ObjectiveInfo info, ArgminOptions options)
        => Create(options.Hessian == HessianForm.Diagonal ? HessianForm.Auto : options.Hessian, info, options);

    private static ConjugateGradientHessian ConjugateGradient(ArgminOptions options) => new(options.LinearTolerance, options.MaxLinearIterations);

    private static ArgumentException Inapplicable(HessianForm form, ObjectiveInfo info)
    {
        var needs = form == HessianForm.Kronecker ? "needs a matrix y whose Hessian is S ⊗ I + I ⊗ R or S ⊗ R + μI" : "works on the factors of a Hessian that is diagonal plus low rank";
        return new($"HessianForm.{form} {needs}, but {info.Name}'s is {Describe(info.Structure)}; use HessianForm.{string.Join(", ", info.HessianForms.SkipLast(1))} or {info.HessianForms[^1]}.", nameof(form));
    }

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
