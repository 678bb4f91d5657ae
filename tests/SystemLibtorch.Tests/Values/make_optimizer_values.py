"""Writes optimizers.json: what PyTorch's optimizers make of a parameter, step by step, in float64.

    python3 make_optimizer_values.py > optimizers.json        (made with PyTorch 1.13.1)

The parameter starts at START and gets the gradients GRADIENTS, one a step.
"""
import json

import torch

START = [1.0, -2.0, 0.5]
GRADIENTS = [[0.5, -1.0, 2.0], [-0.3, 0.7, 1.5], [0.0, 0.2, -3.0], [1.2, -0.4, 0.1], [-2.0, 0.0, 0.6]]

cases = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "sgd decay": lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.2),
    "sgd momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.2),
    "sgd nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "sgd maximize": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, maximize=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.1),
    "adam decay amsgrad": lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.2, amsgrad=True),
    "adam maximize": lambda p: torch.optim.Adam(p, lr=0.1, maximize=True),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.2),
    "adamw amsgrad": lambda p: torch.optim.AdamW(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.0, amsgrad=True),
    "adamw maximize": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.2, maximize=True),
}


def path(create):
    parameter = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = create([parameter])
    positions = []
    for gradient in GRADIENTS:
        parameter.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        positions.append(parameter.tolist())
    return positions


values = {"start": START, "gradients": GRADIENTS, "paths": {name: path(create) for name, create in cases.items()}}
print(json.dumps(values, separators=(",", ":")).replace('],"', '],\n"'))
