"""Writes values.json: inputs, results and gradients of operators, computed by PyTorch in float64.

    python3 make_values.py > values.json        (made with PyTorch 1.13.1)

A case's gradients are those of sum(weights * first result), weights = 1, 2, 3, ... in row-major order.
"""
import json
import math

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)
cases = {}


def dump(t):
    if t.dtype == torch.bool:
        t = t.to(torch.float64)
    data = [x if math.isfinite(x) else str(x) for x in t.detach().to(torch.float64).contiguous().reshape(-1).tolist()]
    return {"shape": list(t.shape), "data": data}


def case(name, function, *inputs, gradient=True):
    leaves = [i.detach().clone().requires_grad_(gradient) for i in inputs]
    results = function(*leaves)
    results = list(results) if isinstance(results, (tuple, list)) else [results]
    entry = {"inputs": [dump(i) for i in inputs], "results": [dump(r) for r in results]}
    if gradient:
        first = results[0]
        weights = torch.arange(1, first.numel() + 1, dtype=torch.float64).reshape(first.shape)
        grads = torch.autograd.grad((weights * first).sum(), leaves, allow_unused=True)
        entry["gradients"] = [None if g is None else dump(g) for g in grads]
    cases[name] = entry


x = torch.tensor([[-1.3, 0.4, 2.2], [0.7, -0.2, 1.9]])
y = torch.tensor([[0.6, -1.1, 0.3], [2.4, 0.8, -0.5]])
positive = torch.tensor([[0.3, 1.7, 2.6], [0.9, 4.2, 0.1]])
inside = torch.tensor([[-0.7, 0.2, 0.55], [0.9, -0.33, 0.05]])
row = torch.tensor([0.5, -1.5, 2.0])
a = torch.randn(2, 4, 3)
b = torch.randn(2, 3, 5)
m = torch.randn(4, 4)
spd = m @ m.T + 4 * torch.eye(4)
v = torch.randn(4)
w = torch.randn(4)
image = torch.randn(2, 3, 6, 6)
kernel = torch.randn(4, 3, 3, 3)
scores = torch.randn(5, 4)

for name in ("abs neg exp exp2 expm1 sigmoid tanh relu sin cos atan sinh cosh asinh erf erfc square sign floor ceil round trunc frac "
             "relu6 selu silu hardsigmoid hardswish isnan isfinite signbit logical_not").split():
    function = getattr(torch, name, None) or getattr(torch.nn.functional, name)
    differentiable = name not in "isnan isfinite signbit logical_not".split()
    case(name, function, x, gradient=differentiable)
for name in "sqrt rsqrt log log1p log2 log10 reciprocal digamma lgamma".split():
    case(name, getattr(torch, name), positive)
for name in "asin acos atanh erfinv tan".split():
    case(name, getattr(torch, name), inside)
for name in "add sub mul div maximum minimum atan2 hypot logaddexp fmod remainder".split():
    case(name, getattr(torch, name), x, y)
for name in "eq ne lt le gt ge".split():
    case(name, getattr(torch, name), x, torch.where(x > 0, x, y), gradient=False)

case("add broadcast alpha", lambda p, q: torch.add(p, q, alpha=2.5), x, row)
case("rsub scalar", lambda p: 3.0 - p, x)
case("rdiv scalar", lambda p: 2.0 / p, positive)
case("div trunc", lambda p, q: torch.div(p, q, rounding_mode="trunc"), x, y, gradient=False)
case("div floor", lambda p, q: torch.div(p, q, rounding_mode="floor"), x, y, gradient=False)
case("pow scalar", lambda p: p.pow(2.5), positive)
case("pow tensor", torch.pow, positive, y)
case("addcmul", lambda p, q, r: torch.addcmul(p, q, r, value=0.5), x, y, positive)
case("addcdiv", lambda p, q, r: torch.addcdiv(p, q, r, value=0.5), x, y, positive)
case("lerp", torch.lerp, x, y, inside)
case("clamp", lambda p: p.clamp(-0.5, 1.5), x)
case("clamp min", lambda p: p.clamp(min=0.0), x)
case("clamp tensor", lambda p, q, r: torch.clamp(p, q, r), x, inside - 1, positive)
case("softplus", torch.nn.functional.softplus, x)
case("leaky_relu", lambda p: torch.nn.functional.leaky_relu(p, 0.1), x)
case("elu", lambda p: torch.nn.functional.elu(p, 1.5), x)
case("gelu", torch.nn.functional.gelu, x)
case("softmax", lambda p: p.softmax(1), x)
case("log_softmax", lambda p: p.log_softmax(0), x)
case("nan_to_num", torch.nan_to_num, torch.tensor([1.0, math.nan, math.inf, -math.inf]), gradient=False)
case("where", lambda p, q: torch.where(p > q, p, q), x, y)
case("masked_fill", lambda p: p.masked_fill(p > 0, -7.0), x)

case("sum", torch.sum, x)
case("sum dim", lambda p: p.sum(dim=0), x)
case("sum dims keepdim", lambda p: p.sum(dim=(0, 2), keepdim=True), a)
case("mean", torch.mean, x)
case("mean dims", lambda p: p.mean(dim=(1,)), a)
case("prod", torch.prod, positive)
case("prod dim", lambda p: p.prod(1), positive)
case("amax", lambda p: p.amax((1,)), x)
case("amin", lambda p: p.amin((0,), True), x)
case("max dim", lambda p: p.max(1), x)
case("min dim", lambda p: p.min(0), x)
case("argmax", torch.argmax, x, gradient=False)
case("argmin dim", lambda p: p.argmin(1), x, gradient=False)
case("std", torch.std, x)
case("std dim", lambda p: p.std(1), a)
case("var biased", lambda p: p.var((0, 1), unbiased=False), a)
case("norm", torch.norm, x)
case("logsumexp", lambda p: p.logsumexp(1), x)
case("cumsum", lambda p: p.cumsum(1), x)
case("cumprod", lambda p: p.cumprod(0), positive)
case("topk", lambda p: p.topk(2, 1), x)
case("sort descending", lambda p: p.sort(1, descending=True), x)
case("kthvalue", lambda p: p.kthvalue(2, 1), x)
case("median", torch.median, x)
case("any dim", lambda p: (p > 1).any(1), x, gradient=False)
case("all", lambda p: (p > -9).all(), x, gradient=False)
case("quantile", lambda p: p.quantile(torch.tensor([0.25, 0.5]), 1), x, gradient=False)

case("view permute", lambda p: p.permute(2, 0, 1).reshape(6, 4), a)
case("flip roll", lambda p: p.flip(0).roll(1, 1), x)
case("narrow select", lambda p: p.narrow(1, 1, 2).select(0, 1), a)
case("index_select", lambda p: p.index_select(1, torch.tensor([2, 0, 2])), x)
case("gather", lambda p: p.gather(1, torch.tensor([[2, 0], [1, 1]])), x)
case("scatter_add", lambda p, q: p.scatter_add(1, torch.tensor([[2, 0, 0], [1, 1, 2]]), q), x, y)
case("cat", lambda p, q: torch.cat([p, q], 1), x, y)
case("stack", lambda p, q: torch.stack([p, q], 2), x, y)
case("split", lambda p: p.split([1, 2], 1), x)
case("tril", lambda p: p.tril(-1), m)
case("triu", lambda p: p.triu(1), m)
case("diag", torch.diag, v)
case("diag_embed", torch.diag_embed, x)
case("diagonal", lambda p: p.diagonal(1), m)
case("repeat tile", lambda p: p.repeat(2, 1).tile((1, 2)), x)
case("index mask", lambda p: p[p > 0], x)
case("index mixed", lambda p: p[:, [3, 1], None, 1:], a)
case("expand", lambda p: p.unsqueeze(1).expand(3, 2), row)
case("unfold", lambda p: p.unfold(1, 2, 1), x)
case("diff", lambda p: p.diff(dim=1), x)

case("dot", torch.dot, v, w)
case("outer", torch.outer, v, row)
case("mv", torch.mv, m, v)
case("mm", torch.mm, m, spd)
case("bmm", torch.bmm, a, b)
case("matmul", torch.matmul, a, row)
case("addmm", lambda p, q, r: torch.addmm(p, q, r, beta=0.5, alpha=2), spd, m, m)
case("addmv", lambda p, q, r: torch.addmv(p, q, r), v, m, w)
case("einsum", lambda p, q: torch.einsum("bij,bjk->ik", p, q), a, b)
case("tensordot", lambda p, q: torch.tensordot(p, q, 1), m, spd)
case("kron", torch.kron, x, m)
case("trace", torch.trace, m)
case("det", torch.det, m)
case("cholesky", torch.linalg.cholesky, spd)
case("cholesky_solve", lambda p, q: torch.cholesky_solve(p.unsqueeze(1), torch.linalg.cholesky(q)), v, spd)
case("solve", torch.linalg.solve, spd, v)
case("solve_triangular", lambda p, q: torch.linalg.solve_triangular(p.tril(), q.unsqueeze(1), upper=False), spd, v)
case("lu_solve", lambda p, q: torch.lu_solve(q.unsqueeze(1), *torch.linalg.lu_factor(p)), spd, v)
case("inv", torch.linalg.inv, spd)
case("eigvalsh", torch.linalg.eigvalsh, spd)
case("qr r", lambda p: torch.linalg.qr(p)[1].abs(), m, gradient=False)
case("svdvals", torch.linalg.svdvals, m)
case("vector_norm", lambda p: torch.linalg.vector_norm(p, 3, dim=(1,)), x)
case("matrix_norm", torch.linalg.matrix_norm, a)
case("cond", torch.linalg.cond, spd)
case("slogdet", torch.linalg.slogdet, spd, gradient=False)
case("pinv", torch.linalg.pinv, torch.randn(4, 2))
case("matrix_power", lambda p: p.matrix_power(3), m)

f = torch.nn.functional
case("conv2d", lambda p, q: f.conv2d(p, q, None, stride=2, padding=1), image, kernel)
case("conv1d", lambda p, q: f.conv1d(p, q, torch.ones(2)), a, torch.ones(2, 4, 2) * 0.3)
case("max_pool2d", lambda p: f.max_pool2d(p, 3, 2), image)
case("avg_pool2d", lambda p: f.avg_pool2d(p, 2), image)
case("adaptive_avg_pool2d", lambda p: f.adaptive_avg_pool2d(p, 4), image)
case("batch_norm", lambda p: f.batch_norm(p, torch.zeros(3), torch.ones(3), training=True), image)
case("layer_norm", lambda p: f.layer_norm(p, (3,)), a)
case("local_response_norm", lambda p: f.local_response_norm(p, 3, 0.1), image)
case("linear", f.linear, a, torch.randn(5, 3), torch.randn(5))
case("normalize", lambda p: f.normalize(p, dim=1), x)
case("pad", lambda p: f.pad(p, (1, 2), value=0.5), x)
labels = torch.tensor([0, 3, 1, 2, 3])
case("cross_entropy", lambda p: f.cross_entropy(p, labels), scores)
case("cross_entropy smoothing", lambda p: f.cross_entropy(p, labels, label_smoothing=0.1, reduction="sum"), scores)
case("nll_loss", lambda p: f.nll_loss(p.log_softmax(1), labels), scores)
case("multi_margin_loss", lambda p: f.multi_margin_loss(p, labels), scores)
case("bce_with_logits", lambda p: f.binary_cross_entropy_with_logits(p, (y > 0).to(torch.float64)), x)
case("mse_loss", f.mse_loss, x, y)
case("l1_loss", f.l1_loss, x, y)
case("smooth_l1_loss", lambda p, q: f.smooth_l1_loss(p, q, beta=0.7), x, y)
case("huber_loss", lambda p, q: f.huber_loss(p, q, delta=0.7), x, y)
case("hinge_embedding_loss", lambda p: f.hinge_embedding_loss(p, torch.sign(y), margin=0.5), x)

print(json.dumps(cases, separators=(",", ":"), indent=None).replace('},"', '},\n"'))
