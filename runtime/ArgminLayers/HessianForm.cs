namespace ArgminLayers;

/// <summary>How a system with the Hessian H = ∂²f/∂y² is solved.</summary>
public enum HessianForm
{
    /// <summary>
    /// Whatever the structure and the sizes at hand make cheapest and most accurate; always exact. Diagonal where H is; Kronecker where H is made of two small matrices; Woodbury where H is diagonal plus fewer terms than unknowns;
    /// else Cholesky up to 2048 unknowns and ConjugateGradient above. The report says which one it was.
    /// </summary>
    Auto,

    /// <summary>Dense Cholesky factorisation of the n×n Hessian.</summary>
    Cholesky,

    /// <summary>The rank-one recursion of Sherman and Morrison over the Hessian's factors (Fernando and Gould 2016, Lemma 3): O(K n²).</summary>
    ShermanMorrison,

    /// <summary>Woodbury's identity over the Hessian's factors, one factorisation of the small side: O(K² n + K³).</summary>
    Woodbury,

    /// <summary>H replaced by its diagonal in the backward pass: an approximation unless H is diagonal (Fernando and Gould 2016, §3.4). The forward solution stays exact.</summary>
    Diagonal,

    /// <summary>Conjugate gradients, preconditioned by the diagonal: products with H instead of H, so O(n) memory; exact up to <see cref="ArgminOptions.LinearTolerance"/>.</summary>
    ConjugateGradient,

    /// <summary>Eigenvectors of the two matrices of a Hessian S ⊗ I + I ⊗ R or S ⊗ R + μI in a matrix of n rows and m columns: O(n³ + m³).</summary>
    Kronecker,
}
