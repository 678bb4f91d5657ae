using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>The factors of a Hessian <c>H = diag(d) + Uᵀ diag(w) U = diag(d) + Σₖ wₖ uₖ uₖᵀ</c>; leading dimensions of 1 are shared by the batch.</summary>
/// <param name="Diagonal">d, of shape (B or 1, n) or (B or 1, 1) for a multiple of the identity.</param>
/// <param name="Rows">U, of shape (B or 1, K, n): row k is uₖ.</param>
/// <param name="Weights">w, of shape (B or 1, K), of either sign.</param>
public sealed record HessianFactors(Tensor Diagonal, Tensor Rows, Tensor Weights);
