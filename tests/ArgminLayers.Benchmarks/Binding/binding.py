"""BindingWorker.cs in Python: writes its torch's version, then answers each line "SLICES COUNT NAME" with nanoseconds per operation."""
import sys
import time

import torch

torch.set_num_threads(1)
WARM_UP = 0.7  # seconds


def slice_of(count, operation):
    start = time.perf_counter_ns()
    for _ in range(count):
        operation()
    return (time.perf_counter_ns() - start) / count


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


operations = {
    "add, 4 elements": lambda: small.add(other),
    "matmul 16×16": lambda: matrix.matmul(matrix),
    "shape": lambda: small.shape,
    "item": lambda: number.item(),
    "custom function, forward + backward": lambda: Twice.apply(leaf).backward(weights),
    "MLP training step": training_step,
}
sys.stdin.reconfigure(encoding="utf-8")
print(torch.__version__, flush=True)
warm = set()
for request in sys.stdin:
    slices, count, name = request.rstrip("\n").split(" ", 2)
    operation = operations[name]
    if name not in warm:
        warm.add(name)
        end = time.monotonic() + WARM_UP
        while time.monotonic() < end:
            operation()
    print(*(slice_of(int(count), operation) for _ in range(int(slices))), flush=True)
