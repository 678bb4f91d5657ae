"""The measurements of BindingBenchmark.cs in Python: binding.py ROUNDS writes nanoseconds per operation as JSON."""
import json
import sys
import time

import torch

torch.set_num_threads(1)
rounds = int(sys.argv[1])


def measure(count, operation):
    best = float("inf")
    for _ in range(rounds + 1):
        start = time.perf_counter_ns()
        for _ in range(count):
            operation()
        best = min(best, (time.perf_counter_ns() - start) / count)
    return best


class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.mul(2.0)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad.mul(2.0)


small, other, matrix, number = torch.randn(4), torch.randn(4), torch.randn(16, 16), torch.tensor(1.5, dtype=torch.float64)
leaf, weights = torch.randn(4, requires_grad=True), torch.ones(4)
linear = torch.nn.Linear
network = torch.nn.Sequential(linear(16, 32), torch.nn.ReLU(), linear(32, 32), torch.nn.ReLU(), linear(32, 4))
data, labels = torch.randn(32, 16), torch.randint(4, (32,))
optimizer = torch.optim.SGD(network.parameters(), 0.01)


def training_step():
    optimizer.zero_grad(set_to_none=False)
    torch.nn.functional.cross_entropy(network(data), labels).backward()
    optimizer.step()


print(json.dumps({"version": torch.__version__, "nanoseconds": {
    "add, 4 elements": measure(20_000, lambda: small.add(other)),
    "matmul 16×16": measure(10_000, lambda: matrix.matmul(matrix)),
    "shape": measure(200_000, lambda: small.shape),
    "item": measure(100_000, lambda: number.item()),
    "custom function, forward + backward": measure(3_000, lambda: Twice.apply(leaf).backward(weights)),
    "MLP training step": measure(200, training_step),
}}))
