"""Rank pooling as a user of PyTorch would differentiate it: peers.py FRAMES GRADIENT SOLUTION B T D C EPSILON OUT

FRAMES, GRADIENT (dL/du) and SOLUTION hold raw float32; OUT gets the gradients dL/dV of every way, one after the other. Prints JSON: which packages there
are, and for every way the seconds of its repetitions."""
import importlib.util
import json
import sys
import time

import numpy as np
import torch

B, T, D = (int(a) for a in sys.argv[4:7])
C, epsilon = float(sys.argv[7]), float(sys.argv[8])
read = lambda path, *shape: torch.from_numpy(np.fromfile(path, dtype=np.float32).reshape(shape).copy())
V, w, solution = read(sys.argv[1], B, T, D), read(sys.argv[2], B, D), read(sys.argv[3], B, D)
t = torch.arange(1, T + 1, dtype=torch.float32)


def objective(u, v):
    excess = ((v @ u.unsqueeze(-1)).squeeze(-1).sub(t).abs() - epsilon).relu()
    return 0.5 * (u * u).sum(-1) + 0.5 * C * (excess * excess).sum(-1)


def implicit(hessian):
    """dL/dV = -(d/dV) lambda' grad f with H lambda = w, where autograd makes the dense Hessian H."""
    u, v = solution.clone().requires_grad_(), V.clone().requires_grad_()
    gradient, = torch.autograd.grad(objective(u, v).sum(), u, create_graph=True)
    H = hessian(u, v, gradient)
    lam = torch.linalg.solve(H, w.unsqueeze(-1)).squeeze(-1)
    result, = torch.autograd.grad((gradient * lam).sum(), v)
    return -result


def by_columns(u, v, gradient):
    """One backward pass for a row of all Hessians of the batch."""
    return torch.stack([torch.autograd.grad(gradient[:, k].sum(), u, retain_graph=True)[0] for k in range(D)], 1)


def by_functional(u, v, gradient, vectorize=False):
    return torch.stack([torch.autograd.functional.hessian(lambda x: objective(x, v[b].detach()), u[b].detach(), vectorize=vectorize) for b in range(B)])


def unrolled(steps):
    """Gradient descent with the largest safe step, and backward through all of its steps."""
    v = V.clone().requires_grad_()
    with torch.no_grad():
        K = V @ V.transpose(1, 2)
        rate = 1 / (1 + C * torch.linalg.eigvalsh(K)[:, -1:])
    u = torch.zeros(B, D)
    for _ in range(steps):
        difference = (v @ u.unsqueeze(-1)).squeeze(-1) - t
        excess = (difference.abs() - epsilon).relu() * difference.sign()
        u = u - rate * (u + C * (excess.unsqueeze(-2) @ v).squeeze(-2))
    u.backward(w)
    return v.grad


ways = {
    "implicit, dense Hessian by rows (autograd.grad)": lambda: implicit(by_columns),
    "implicit, dense Hessian (functional.hessian)": lambda: implicit(by_functional),
    "implicit, dense Hessian (functional.hessian, vectorized)": lambda: implicit(lambda *a: by_functional(*a, vectorize=True)),
    "unrolled gradient descent, 100 steps": lambda: unrolled(100),
    "unrolled gradient descent, 400 steps": lambda: unrolled(400),
}
seconds, gradients = {}, []
for name, way in ways.items():
    way()
    seconds[name] = []
    for _ in range(3):
        start = time.perf_counter()
        gradient = way()
        seconds[name].append(time.perf_counter() - start)
    gradients.append(gradient.numpy().astype(np.float32))
np.concatenate(gradients).tofile(sys.argv[9])
packages = ["torchopt", "theseus", "jaxopt", "cvxpylayers", "qpth", "ddn", "sklearn"]
print(json.dumps({"version": torch.__version__, "seconds": seconds, "missing": [p for p in packages if importlib.util.find_spec(p) is None]}))
