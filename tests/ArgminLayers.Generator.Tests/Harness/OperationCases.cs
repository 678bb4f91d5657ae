using System.Text.RegularExpressions;

namespace ArgminLayers.Generator.Tests.Harness;

/// <summary>
/// Every operation of the table in every spelling, each in an objective of its own: ½‖y‖² plus what stands here. Elements are weighted by inputs, so that an
/// element in the wrong place shows.
/// </summary>
public static class OperationCases
{
    private static readonly (string Name, string Declaration)[] Parameters =
    [
        ("y", """[Argmin, Shape("D")] Tensor y"""),
        ("x", """[Shape("T", "D")] Tensor x"""),
        ("a", """[Shape("D")] Tensor a"""),
        ("p", """[Shape("T"), Positive] Tensor p"""),
        ("r", """[Shape("K", "T", "D")] Tensor r"""),
        ("q", """[Shape("D", "D")] Tensor q"""),
        ("m", """[Shape(3, 4)] Tensor m"""),
        ("b", """[Shape("D"), Positive] Tensor b"""),
        ("c", "[Positive] double c"),
        ("n", "int n"),
    ];

    /// <summary>Each objective in a source of its own.</summary>
    public static IEnumerable<string> Sources => Names.Select((name, k) => Harness.Sources.Usings + $$"""
        using TorchSharp;
        namespace Operations.{{name}};

        public static class Objectives
        {
            [ArgminLayer] public static Tensor F({{Declarations(Bodies[k])}}) => 0.5 * y.dot(y) + {{Bodies[k]}};
        }
        """);

    /// <summary>The objectives in one source: compiled together, they cost one compilation.</summary>
    public static string Source => Harness.Sources.Usings + $$"""
        using TorchSharp;
        namespace Operations;

        /// <summary>Objectives.</summary>
        public static class Objectives
        {
            {{string.Join("\n    ", Names.Select((name, k) => $"/// <summary>{name}.</summary>\n    [ArgminLayer] public static Tensor {name}({Declarations(Bodies[k])}) => 0.5 * y.dot(y) + {Bodies[k]};"))}}

            private static Tensor Regular(Tensor q, Tensor v) => q.mm(q.T) + diag(4 + v.square());

            private static Tensor Other(Tensor q, Tensor y)
            {
                var parts = linalg.slogdet(Regular(q, y));
                return parts.Item2;
            }

            private static Tensor Row(Tensor v, Tensor a) => (v * a[..^1]).exp().sum();
        }
        """;

    public static IReadOnlyList<string> Names { get; } = [.. Named(nameof(Layout), Layout), .. Named(nameof(Choices), Choices), .. Named(nameof(Reductions), Reductions), .. Named(nameof(Functions), Functions), .. Named(nameof(Products), Products), .. Named(nameof(Systems), Systems), .. Named(nameof(Creations), Creations)];

    private static string Declarations(string body)
    {
        var used = Parameters.Where(parameter => parameter.Name == "y" || Regex.IsMatch(body, $@"\b{parameter.Name}\b")).Select(parameter => parameter.Declaration).ToList();
        if (!used.Any(declaration => declaration.Contains("\"D\"", StringComparison.Ordinal) && !declaration.Contains("Argmin", StringComparison.Ordinal)))
        {
            used.Add(Parameters.Single(parameter => parameter.Name == "a").Declaration);
        }

        return string.Join(", ", used);
    }

    private static IEnumerable<string> Named(string group, string[] bodies) => bodies.Select((_, k) => $"{group}{k}");

    private static string[] Bodies =>
    [
        .. Layout,
        .. Choices,
        .. Reductions,
        .. Functions,
        .. Products,
        .. Systems,
        .. Creations,
    ];

    private static string[] Layout =>
    [
        "(y.narrow(0, 1, 2) * a.narrow(0, 0, 2)).exp().sum()",
        "(narrow(y, -1, 1, 2) * a[^2..]).exp().sum()",
        "(narrow(x * y, 1, 1, y.size(0) - 1).square().sum(0L, 1) + x.narrow(dim: 0, start: 1, length: x.shape[0] - 2).sum()).exp()",
        "(y.select(0, 1) * a.select(0, 0)).exp() + select(y, 0, -1).sin()",
        "(y[0] * a[^1]).exp() + y[-1].sin()",
        "(y[1..] * a[..^1]).exp().sum()",
        "Row(y[1..], a)",
        "(y[1..3] * a[(0, 2)] - a[^3..^1]).exp().sum()",
        "((x * y)[1.., ..2] * x[..^1, 1..3]).exp().sum()",
        "((x * y)[.., 1] * p).square().sum() + (x * y)[0, 1].exp() + (x * y)[1, ..].sin().dot(a)",
        "((x * y)[TensorIndex.Ellipsis, 0] * p).square().sum() + (r * y)[1, TensorIndex.Ellipsis, 2].square().sum()",
        "(y[TensorIndex.None] * x).exp().sum() + (y[TensorIndex.Colon] * a).sin().sum()",
        "(y[TensorIndex.Slice(1, 3)] * a[TensorIndex.Slice(stop: 2)] * a[TensorIndex.Slice(-2)]).exp().sum()",
        "(y.slice(0, 1, 3, 1) * a.slice(0, 0, 2, 1)).exp().sum()",
        "((y[..2].unsqueeze(1) * m[..2]).flatten()[TensorIndex.Slice(0, null, 2)]).exp().sum() + m[0].mul(y[1])[TensorIndex.Slice(1, null, 2)].sin().sum()",
        "(m.flatten() * y[0])[TensorIndex.Slice(1, -1, 3)].exp().sum() + (m * y[0]).slice(1, 0, 3, 2).sin().sum() + stack([y, a, y * a, a]).slice(0, 0, 4, 2).sum(dim: 0).square().dot(a) + (stack([y, a], 1).flatten()[TensorIndex.Slice(1, null, 2)] * y).sin().sum() + stack([y, a], 1).flatten()[TensorIndex.Slice(2, null, 2)].exp().sum()",
        "(y.diff() * a[1..]).exp().sum() + diff(diff(y)).square().sum()",
        "((x * y).diff(dim: 0) * x[1..]).exp().sum() + (x * y).diff(1, -1).square().sum()",
        "(y.cumsum(0) * a).exp().sum() + cumsum(x * y, 1).square().sum() + (x * y).cumsum(-2).square().sum()",
        "(y.flip(0) * a).exp().sum() + flip(x * y, 0, 1).mul(x).square().sum() + (x * y).flip([-1]).mul(x).sin().sum()",
        "((x * y).fliplr() * x).square().sum() + (flipud(x * y) * x).sin().sum() + fliplr(x * y).exp().sum()",
        "(y.unsqueeze(0) * x).exp().sum() + (y.unsqueeze(-1) * q).sin().sum() + (unsqueeze(y, 1) * q).square().sum()",
        "(y.unsqueeze(0).squeeze(0) * a).exp().sum() + (x * y).sum(1, keepdim: true).squeeze(-1).square().dot(p) + squeeze(y.unsqueeze(1), 1).sin().dot(a)",
        "(y.reshape(1, -1) * x).exp().sum() + (y.reshape([-1, 1]) * q).sin().sum()",
        "((x * y).reshape(-1) * x.reshape(x.numel())).exp().sum() + reshape(x * y, -1).square().sum()",
        "((x * y).reshape(x.shape[0] * x.shape[1]) * x.view(-1)).sin().sum() + (x * y).view(x.size(1), x.size(0)).mul(x.view(x.size(1), -1)).square().sum()",
        "((r * y).reshape(-1, y.shape[0]) * y).square().sum() + (r * y).reshape(r.size(0), -1).sum(1).square().sum()",
        "((r * y).flatten(0, 1) * y).square().sum() + (flatten(r * y, 1).sum(1).square()).sum() + (r * y).flatten().exp().sum() + (x * y).ravel().sin().sum()",
        "((r * y).flatten(0, 1).unflatten(0, [r.size(0), r.size(1)]) * r).exp().sum() + (y.unflatten(0, 1, -1) * x).sin().sum()",
        "((y[..2].unsqueeze(1) * m[..2]).reshape(4, 2) * m.reshape(6, 2)[..4]).exp().sum() + (m.reshape(2, 6)[..1] * y[0]).sin().sum()",
        "(cat([y, a]) * cat(new[] { a, y }, 0)).exp().sum()",
        "(cat(new[] { x * y, q }, 0).sin() * y).square().sum() + (concat([x * y, x], dim: 1)).exp().mean(new long[] { 0, 1 })",
        "(concatenate([y[1..], a[..2], y], 0).cumsum(0)).sin().sum()",
        "(stack([y, a, y * a]) * m[.., 0].unsqueeze(1)).exp().sum() + (stack(new[] { y[0], y[1], a[0] }) * m[.., 1]).sin().sum()",
        "(stack([y, a], 1).mul(stack([a, a], dim: -1))).exp().sum()",
        "((x * y).T.mv(p) * a).exp().sum() + (x.mT.mul(y.unsqueeze(1)) * x.transpose(0, 1)).square().sum() + ((r * y).permute(1, 2, 0) * x.unsqueeze(-1)).exp().sum()",
        "((q * y).H.mv(a)).sin().sum() + (q * y).mH.mv(a).cos().sum() + (q * y).t().exp().mv(a).sum() + (r * y).swapaxes(0, 2).mul(r.swapdims(2, 0)).sum(1).square().sum() + (q * y).adjoint().sin().mv(y).sum()",
        "(permute(r * y, 2, 0, 1) * r.permute([2, 0, 1])).sin().sum() + (transpose(r * y, -1, 1) * r.mT).square().sum() + (y.T * a).sin().sum()",
        "(stack([x * y, x], 1).sum(1).mv(a) * p).square().sum()",
    ];

    private static string[] Choices =>
    [
        "where(a > 0, y.exp(), y * a).square().sum()",
        "where((a < 0.3) | (a >= 1), y.sin(), a * y).sum() + where((a > -1) & ~(a > 1), y.square(), 0.5 * y).sum()",
        "y.where(x > 0, x).square().sum() + where(p.unsqueeze(1) > 0.5, x * y, 1).exp().sum()",
        "where(a.gt(0).logical_and(a.le(2)), y, -y).exp().sum() + where(logical_or(a.lt(0), a.ge(1)), y.sin(), y).sum() + where(a.eq(0).logical_not(), y.cos(), 0).sum()",
        "where(torch.gt(x, a), x * y, y).square().sum() + where(p.unsqueeze(-1).greater(a) & (a.ne(c)), x * y, 2).sin().sum()",
        "where(a == b, y, y.square()).sum() + where(a != b, y.exp(), y).sum() + where(1 > a, y, 2 * y).sin().sum()",
        "where(a.not_equal(b), y, y.square()).sum() + where(a.less(b), y.exp(), y).sum() + where(a.less_equal(b), y, a).sin().sum() + where(torch.greater_equal(a, b), y, a).cos().sum()",
        "(a.maximum(b) * y).exp().sum() + (torch.minimum(a, b) * y).sin().sum() + (a.max(b) + torch.min(a, b) * y).square().sum()",
        "(a.clamp(-0.5, c) * y).exp().sum() + (clamp(a, max: 0.3) * y).sin().sum() + (a.clamp_min(0.2) * y).square().sum() + (clamp_max(a, 0.1) * y).sin().sum() + (a.clip(min: 0.1) * y).sin().sum()",
        "(a.clamp(min: -b, max: b) * y).exp().sum()",
        "where(y > 0, y.square(), 0).sum() + where(x.mv(y) < 1, (1 - x.mv(y)).square(), 0).dot(p) + where(a <= y, 2 * (y - a) * (a - y), (y - a).pow(3)).sum()",
        "y.clamp(min: 0).square().sum() + torch.maximum(y - a, 0).square().sum() + (a * (y - a).maximum(0).square()).sum()",
    ];

    private static string[] Reductions =>
    [
        "x.mv(y).logsumexp(0) + (x * y).logsumexp(1).dot(p) + logsumexp(x - y, 0, keepdim: true).sin().sum()",
        "(y.softmax(0) * a).sum() + (softmax(x * y, 1) * x).sum() + nn.functional.softmax(x * y, 0).mv(a).dot(p)",
        "(y.log_softmax(0) * a).sum() + (nn.functional.log_softmax(x * y, 1) * x).sum() + (special.log_softmax(x * y, dim: -2) * x).exp().sum() + special.softmax(y, 0).dot(a)",
        "(a.max() * y).exp().sum() + (x.amax(0) * y).sin().sum() + (x.max(1).values * x.mv(y)).exp().sum() + (x.amin([0, 1], keepdim: true) * y).square().sum() + (torch.max(x, 0).Item1 * y).sin().sum() + (x.amax(-1).dot(p) * y).sin().sum()",
        "(a.min() * y).exp().sum() + (torch.amin(x, new long[] { 0 }) * y).sin().sum() + (x.min(0, true).values * y).square().sum()",
        "y.norm().square() + (y - a).norm().pow(2) * c + (x - y).norm(1).square().sum()",
        "(a.norm() * y).exp().sum() + (x.norm(0) * y).sin().sum() + (torch.norm(a, 1f) * y).square().sum() + (linalg.vector_norm(x, dims: [1]).dot(p) * y).sin().sum() + (linalg.norm(x) * y).sin().sum() + (linalg.matrix_norm(x) * y).cos().sum()",
        "(x * y).norm(1, keepdim: true).square().sum() + linalg.vector_norm(x - y).square() + linalg.norm(x.mv(y)).square()",
    ];

    private static string[] Functions =>
    [
        "y.square().log1p().sum() + (0.3 * y.sigmoid()).tan().sum() + torch.atan(a * y).sum() + y.sinh().sin().sum() + (c + y.square()).reciprocal().dot(a) + y.neg().exp().dot(a)",
        "System.Math.Abs(c) * y.sin().sum() + System.Math.Exp(c) * y.cos().sum() + System.Math.Sin(c) * y.sin().dot(a) + System.Math.Cos(n) * y.cos().dot(a) + System.Math.Tan(c) * y.tanh().sum() + System.Math.Atan(c) * y.exp().sum()",
        "System.Math.Sinh(c) * y.sin().sum() + System.Math.Cosh(c) * y.cos().sum() + System.Math.Tanh(c) * y.exp().sum() + System.Math.Log(c) * y.sin().dot(a) + System.Math.Sqrt(c + n) * y.cos().dot(a)",
        "(y * a).sigmoid().log().sum() + nn.functional.logsigmoid(x.mv(y)).sum() + (a * y).log_sigmoid().sum() + special.expit(y).dot(a)",
        "(y.square() + c).rsqrt().dot(a) + torch.rsqrt(1 + x.mv(y).square()).sum() + (b + y.exp()).log2().dot(a) + torch.log10(2 + y.sin()).sum() + y.exp2().sum() + special.exp2(a * y).sum()",
        "nn.functional.silu(y).dot(a) + y.silu().sum() + y.positive().dot(a) + a.negative().dot(y.arctan()) + special.erf(y).sum() + special.expm1(y).sum()",
        "b.pow(y).sum() + (y.exp() + 0.1).pow(a).sum() + (1 + y.square()).pow(c).sum() + torch.pow(2.0, y).dot(a) + (2 + y.sin()).pow(n).sum()",
        "(c * y).pow(3).sum() + (1 + y.square()).pow(-1.5).sum() + System.Math.Max(c, 0.7) * y.sin().sum() + System.Math.Min(c, n) * y.cos().sum() + System.Math.Pow(c, n) * y.square().sum()",
        "System.Math.Clamp(c, 0.3, 0.6) * y.sin().sum() + System.Math.Log2(c) * y.cos().sum() + System.Math.Log(c, 3) * y.sin().sum() + System.Math.Log10(1 + c) * y.exp().sum() + System.Math.PI * y.sin().sum()",
        "y.add(a).sub(0.5).mul(c).div(2).square().sum() + y.subtract(1).multiply(a).divide(b).exp().sum() + torch.add(y, 1).sin().sum()",
    ];

    private static string[] Products =>
    [
        "(y.outer(a) * q).exp().sum() + torch.outer(y, y).mv(a).sin().sum() + (ger(a, y) * q).square().sum() + y.ger(a).mm(q).sin().sum()",
        "y.vdot(a).exp() + x.inner(y).square().sum() + y.inner(q).sin().dot(a) + torch.inner(x, q * y).sin().sum()",
        "linalg.multi_dot([x, q, y]).square().sum() + linalg.multi_dot(new[] { y, q, q, a }).sin()",
        "bmm(r * y, r.transpose(1, 2)).sin().sum() + r.bmm(r.mT * y.unsqueeze(1)).square().sum()",
        "matmul(r, y).square().sum() + (r.matmul(q * y)).sin().sum() + matmul(q * y, r.mT).cos().sum() + matmul(y, r.mT).sin().sum()",
        "(r * y).matmul(x.T.unsqueeze(0) * y.unsqueeze(1)).sin().sum() + matmul(x * y, r.mT).square().sum() + y.matmul(q).exp().mean()",
        "einsum(\"td,d->t\", x, y).exp().sum() + einsum(\"ktd,d,td->k\", r, y, x).sin().sum() + einsum(\"ij, jk -> ik\", q * y, q).square().sum()",
        "einsum(\"i,i\", y, a).exp() + einsum(\"dd->d\", q * y).sin().dot(a) + einsum(\"ii\", q * y).square() + einsum(\"ij->ji\", q * y).mv(a).cos().sum() + einsum(\"td,td,d\", x, x, y).exp().mean()",
        "einsum(\"ktd,ktd->\", r * y, r * y).sin() + einsum(\"ktd,jtd->kj\", r * y, r).square().sum() + einsum(\"ktd,kte->de\", r * y, r).mul(q).sum().sin()",
        "einsum(\"...d,d->...\", r, y).sin().sum() + einsum(\"...td,...d->t...\", r, r.sum([1]) * y).square().sum()",
        "einsum(\"...d,...\", r * y, r.sum([2])).sin().sum() + einsum(\"...,...\", r, y).square().sum() + einsum(\"d...->...\", y).exp()",
        "einsum(\"a,b,c->abc\", y, a, y).sin().sum() + einsum(\"ktd,d,e->kte\", r, y, y).sin().sum()",
        "diag(y).mm(q).exp().mean(new long[] { 0, 1 }) + (q * y).diag().sin().dot(a) + q.diag().mul(y).square().sum() + diag_embed(x * y).sum(dim: 0).mm(q).sin().sum() + y.diag_embed().mv(a).cos().sum()",
        "(q * y).diagonal().exp().dot(a) + diagonal(q * y, 0, 1, 0).sin().dot(a) + linalg.diagonal(q * y).square().sum() + r.mul(y).matmul(q).matmul(r.mT).diagonal(dim1: 1, dim2: 2).sin().sum()",
        "(q * y).trace().exp() + torch.trace(outer(y, y).mm(q)).sin() + y.dot((q.mT + q).mv(y)) * 0.1",
    ];

    private static string[] Creations =>
    [
        "(maximum(x.mv(y), zeros_like(p)) * p).square().sum() + (y + 2 * y.ones_like()).mul(a).exp().sum() + y.zeros_like().maximum(y).pow(3).sum()",
        "(eye(y.size(0), dtype: y.dtype) * y).mv(a).exp().sum() + (q * eye(y.shape[0])).mv(y).sin().sum() + ((arange(y.size(0), dtype: y.dtype, device: y.device) + 1) * y).dot(a).sin()",
        "(zeros(3, dtype: y.dtype) + y[0]).exp().sum() + (ones([3, 4]) * m * y[1]).sin().sum() + (ones(x.size(0), x.size(1)) * x * y).cos().sum() + (arange(x.shape[0]) * x.mv(y)).sin().sum() + (zeros(2, 3, 4, dtype: m.dtype) + y[0]).square().sum() + ones(1, 1, 1, 2).sum() * y.sin().sum() + (y * a).sin().reshape(a.shape).dot(a)",
    ];

    // 4 I + … keeps away from singular matrices.
    private static string[] Systems =>
    [
        "Regular(q, a).inverse().mv(y).sin().sum() + torch.linalg.inv(Regular(q, y)).mv(a).square().sum()",
        "Regular(q, y).inverse().mul(q).sum().sin() + inverse(Regular(q * y, y)).trace()",
        "torch.linalg.solve(Regular(q, y), a).dot(y) + linalg.solve(Regular(q, a), y).sin().sum()",
        "torch.linalg.solve(Regular(q, y), x.T * y.unsqueeze(1)).square().sum() + linalg.solve(Regular(q, a).T, outer(y, a)).sin().mean()",
        "0.01 * det(Regular(q, a) + outer(y, a)) + 0.01 * linalg.det(Regular(q, y)).log().square() + 0.01 * (q + diag(3 + y)).det()",
        "(Regular(q, y) * Regular(q, y)).logdet() + logdet(Regular(q, y)).square()",
        "slogdet(Regular(q, y)).logabsdet + torch.linalg.slogdet(Regular(q * y, a)).Item2 + slogdet(Regular(-q, y)).logabsdet.square() + Other(q, y)",
        "y.dot(torch.linalg.solve(Regular(q, a), y)) + y.dot(Regular(q, a).inverse().mv(a))",
    ];
}
