using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SystemLibtorch.Tests;

/// <summary>The cases of make_values.py in TorchSharp, under the same names.</summary>
internal static class OperatorCases
{
    private const string Unary =
        "abs neg exp exp2 expm1 sigmoid tanh relu sin cos atan sinh cosh asinh erf erfc square sign floor ceil round trunc frac " +
        "relu6 selu silu hardsigmoid hardswish isnan isfinite signbit logical_not " +
        "sqrt rsqrt log log1p log2 log10 reciprocal digamma lgamma asin acos atanh erfinv tan";

    private const string Binary = "add sub mul div maximum minimum atan2 hypot logaddexp fmod remainder eq ne lt le gt ge";

    internal static readonly IReadOnlyDictionary<string, Func<Tensor[], Tensor[]>> All = Build();

    private static Dictionary<string, Func<Tensor[], Tensor[]>> Build()
    {
        var cases = Elementwise().Concat(Reductions()).Concat(Shapes()).Concat(LinearAlgebra()).Concat(Networks())
            .ToDictionary(c => c.Name, c => c.Run);
        foreach (string name in Unary.Split(' '))
        {
            var method = typeof(Tensor).GetMethods().Single(m => m.Name == name && m.GetParameters().All(p => p.IsOptional));
            cases[name] = t => [(Tensor)method.Invoke(t[0], [.. method.GetParameters().Select(p => p.DefaultValue)])!];
        }
        foreach (string name in Binary.Split(' '))
        {
            var method = typeof(Tensor).GetMethods().Single(m => m.Name == name && m.GetParameters() is [{ ParameterType.Name: "Tensor" }, ..] p && p.Skip(1).All(q => q.IsOptional));
            cases[name] = t => [(Tensor)method.Invoke(t[0], [t[1], .. method.GetParameters().Skip(1).Select(p => p.DefaultValue)])!];
        }
        return cases;
    }

    private static (string Name, Func<Tensor[], Tensor[]> Run) Case(string name, Func<Tensor[], Tensor> run) => (name, t => [run(t)]);

    private static (string Name, Func<Tensor[], Tensor[]> Run) Pair(string name, Func<Tensor[], (Tensor, Tensor)> run) =>
        (name, t =>
        {
            var (first, second) = run(t);
            return [first, second];
        });

    private static IEnumerable<(string Name, Func<Tensor[], Tensor[]> Run)> Elementwise() =>
    [
        Case("add broadcast alpha", t => t[0].add(t[1], 2.5)),
        Case("rsub scalar", t => 3.0 - t[0]),
        Case("rdiv scalar", t => 2.0 / t[0]),
        Case("div trunc", t => t[0].div(t[1], RoundingMode.trunc)),
        Case("div floor", t => t[0].div(t[1], RoundingMode.floor)),
        Case("pow scalar", t => t[0].pow(2.5)),
        Case("pow tensor", t => t[0].pow(t[1])),
        Case("addcmul", t => t[0].addcmul(t[1], t[2], 0.5)),
        Case("addcdiv", t => t[0].addcdiv(t[1], t[2], 0.5)),
        Case("lerp", t => t[0].lerp(t[1], t[2])),
        Case("clamp", t => t[0].clamp((Scalar)(-0.5), (Scalar)1.5)),
        Case("clamp min", t => t[0].clamp_min(0.0)),
        Case("clamp tensor", t => t[0].clamp(t[1], t[2])),
        Case("softplus", t => t[0].softplus()),
        Case("leaky_relu", t => F.leaky_relu(t[0], 0.1)),
        Case("elu", t => F.elu(t[0], 1.5)),
        Case("gelu", t => F.gelu(t[0])),
        Case("softmax", t => t[0].softmax(1)),
        Case("log_softmax", t => t[0].log_softmax(0)),
        Case("nan_to_num", t => t[0].nan_to_num()),
        Case("where", t => where(t[0] > t[1], t[0], t[1])),
        Case("masked_fill", t => t[0].masked_fill(t[0] > 0, -7.0)),
    ];

    private static IEnumerable<(string Name, Func<Tensor[], Tensor[]> Run)> Reductions() =>
    [
        Case("sum", t => t[0].sum()),
        Case("sum dim", t => t[0].sum(dim: 0)),
        Case("sum dims keepdim", t => t[0].sum([0L, 2], keepdim: true)),
        Case("mean", t => t[0].mean()),
        Case("mean dims", t => t[0].mean([1])),
        Case("prod", t => t[0].prod()),
        Case("prod dim", t => t[0].prod(1)),
        Case("amax", t => t[0].amax(1)),
        Case("amin", t => t[0].amin([0L], true)),
        Pair("max dim", t => t[0].max(1)),
        Pair("min dim", t => t[0].min(0)),
        Case("argmax", t => t[0].argmax()),
        Case("argmin dim", t => t[0].argmin(1)),
        Case("std", t => t[0].std()),
        Case("std dim", t => t[0].std(1)),
        Case("var biased", t => t[0].var([0L, 1], unbiased: false)),
        Case("norm", t => t[0].norm()),
        Case("logsumexp", t => t[0].logsumexp(1)),
        Case("cumsum", t => t[0].cumsum(1)),
        Case("cumprod", t => t[0].cumprod(0)),
        Pair("topk", t => t[0].topk(2, 1)),
        Pair("sort descending", t => t[0].sort(1, descending: true)),
        Pair("kthvalue", t => t[0].kthvalue(2, 1)),
        Case("median", t => t[0].median()),
        Case("any dim", t => (t[0] > 1).any(1)),
        Case("all", t => (t[0] > -9).all()),
        Case("quantile", t => t[0].quantile(tensor(new[] { 0.25, 0.5 }), 1)),
    ];

    private static IEnumerable<(string Name, Func<Tensor[], Tensor[]> Run)> Shapes() =>
    [
        Case("view permute", t => t[0].permute(2, 0, 1).reshape(6, 4)),
        Case("flip roll", t => t[0].flip(0).roll(1, 1)),
        Case("narrow select", t => t[0].narrow(1, 1, 2).select(0, 1)),
        Case("index_select", t => t[0].index_select(1, tensor(new long[] { 2, 0, 2 }))),
        Case("gather", t => t[0].gather(1, tensor(new long[,] { { 2, 0 }, { 1, 1 } }))),
        Case("scatter_add", t => t[0].scatter_add(1, tensor(new long[,] { { 2, 0, 0 }, { 1, 1, 2 } }), t[1])),
        Case("cat", t => cat([t[0], t[1]], 1)),
        Case("stack", t => stack([t[0], t[1]], 2)),
        ("split", t => t[0].split([1L, 2], 1L)),
        Case("tril", t => t[0].tril(-1)),
        Case("triu", t => t[0].triu(1)),
        Case("diag", t => t[0].diag()),
        Case("diag_embed", t => t[0].diag_embed()),
        Case("diagonal", t => t[0].diagonal(1)),
        Case("repeat tile", t => t[0].repeat(2, 1).tile([1, 2])),
        Case("index mask", t => t[0][t[0] > 0]),
        Case("index mixed", t => t[0][TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 3, 1 })), TensorIndex.None, TensorIndex.Slice(1)]),
        Case("expand", t => t[0].unsqueeze(1).expand(3, 2)),
        Case("unfold", t => t[0].unfold(1, 2, 1)),
        Case("diff", t => t[0].diff(dim: 1)),
    ];

    private static IEnumerable<(string Name, Func<Tensor[], Tensor[]> Run)> LinearAlgebra() =>
    [
        Case("dot", t => t[0].dot(t[1])),
        Case("outer", t => t[0].outer(t[1])),
        Case("mv", t => t[0].mv(t[1])),
        Case("mm", t => t[0].mm(t[1])),
        Case("bmm", t => t[0].bmm(t[1])),
        Case("matmul", t => t[0].matmul(t[1])),
        Case("addmm", t => t[0].addmm(t[1], t[2], beta: 0.5f, alpha: 2)),
        Case("addmv", t => t[0].addmv(t[1], t[2])),
        Case("einsum", t => einsum("bij,bjk->ik", t[0], t[1])),
        Case("tensordot", t => tensordot(t[0], t[1], [1], [0])),
        Case("kron", t => t[0].kron(t[1])),
        Case("trace", t => t[0].trace()),
        Case("det", t => t[0].det()),
        Case("cholesky", t => linalg.cholesky(t[0])),
        Case("cholesky_solve", t => t[0].unsqueeze(1).cholesky_solve(linalg.cholesky(t[1]))),
        Case("solve", t => linalg.solve(t[0], t[1])),
        Case("solve_triangular", t => linalg.solve_triangular(t[0].tril(), t[1].unsqueeze(1), upper: false)),
        Case("lu_solve", t =>
        {
            var (lu, pivots) = linalg.lu_factor(t[0]);
            return linalg.lu_solve(lu, pivots!, t[1].unsqueeze(1));
        }),
        Case("inv", t => linalg.inv(t[0])),
        Case("eigvalsh", t => linalg.eigvalsh(t[0])),
        Case("qr r", t => linalg.qr(t[0]).R.abs()),
        Case("svdvals", t => linalg.svdvals(t[0])),
        Case("vector_norm", t => linalg.vector_norm(t[0], 3, [1])),
        Case("matrix_norm", t => linalg.matrix_norm(t[0])),
        Case("cond", t => linalg.cond(t[0])),
        Pair("slogdet", t => linalg.slogdet(t[0])),
        Case("pinv", t => linalg.pinv(t[0])),
        Case("matrix_power", t => t[0].matrix_power(3)),
    ];

    private static IEnumerable<(string Name, Func<Tensor[], Tensor[]> Run)> Networks()
    {
        Tensor Labels() => tensor(new long[] { 0, 3, 1, 2, 3 });
        Tensor Signs() => tensor(new double[,] { { 1, -1, 1 }, { 1, 1, -1 } });
        return
        [
            Case("conv2d", t => F.conv2d(t[0], t[1], null, [2, 2], [1, 1])),
            Case("conv1d", t => F.conv1d(t[0], t[1], ones(2, dtype: float64))),
            Case("max_pool2d", t => F.max_pool2d(t[0], 3, 2)),
            Case("avg_pool2d", t => F.avg_pool2d(t[0], 2)),
            Case("adaptive_avg_pool2d", t => F.adaptive_avg_pool2d(t[0], 4)),
            Case("batch_norm", t => F.batch_norm(t[0], zeros(3, dtype: float64), ones(3, dtype: float64), training: true)),
            Case("layer_norm", t => F.layer_norm(t[0], [3])),
            Case("local_response_norm", t => F.local_response_norm(t[0], 3, 0.1)),
            Case("linear", t => F.linear(t[0], t[1], t[2])),
            Case("normalize", t => F.normalize(t[0], dim: 1)),
            Case("pad", t => F.pad(t[0], (1, 2), value: 0.5)),
            Case("cross_entropy", t => F.cross_entropy(t[0], Labels())),
            Case("cross_entropy smoothing", t => F.cross_entropy(t[0], Labels(), label_smoothing: 0.1, reduction: nn.Reduction.Sum)),
            Case("nll_loss", t => F.nll_loss(t[0].log_softmax(1), Labels())),
            Case("multi_margin_loss", t => F.multi_margin_loss(t[0], Labels())),
            Case("bce_with_logits", t => F.binary_cross_entropy_with_logits(t[0], Signs().clamp_min(0))),
            Case("mse_loss", t => F.mse_loss(t[0], t[1])),
            Case("l1_loss", t => F.l1_loss(t[0], t[1])),
            Case("smooth_l1_loss", t => F.smooth_l1_loss(t[0], t[1], beta: 0.7)),
            Case("huber_loss", t => F.huber_loss(t[0], t[1], delta: 0.7)),
            Case("hinge_embedding_loss", t => F.hinge_embedding_loss(t[0], Signs(), margin: 0.5)),
        ];
    }
}
