"""Writes network-features.json: what torchvision's AlexNet and ResNet-18, and Caffe's reference model written down with torch's functions, make of one
frame with weights that a formula gives. Needs torch and torchvision (Debian: python3-torchvision); made with torch 1.13.1 and torchvision 0.14.1."""
import json
import math
import pathlib

import numpy
import torch
import torch.nn.functional as F
import torchvision


def hashed(count, number):
    """Numbers from -1/2 to 1/2 that look drawn by chance, the same in every language: h = (2654435761 i + 40503 n + 12345) mod 2^32, times an odd number, mod 2^32."""
    i = numpy.arange(count, dtype=numpy.uint64)
    h = (i * 2654435761 + number * 40503 + 12345) % 2**32
    h = (h ^ (h >> 15)) * 2246822519 % 2**32
    h = (h ^ (h >> 13)) * 3266489917 % 2**32
    return (h ^ (h >> 16)).astype(numpy.float64) / 2**32 - 0.5


def value(name, shape, number):
    """Weights keep the size of what goes through them; biases, and the numbers of batch normalisation, are of the usual sizes."""
    u = hashed(math.prod(shape), number)
    if name.endswith("running_var"):
        u = 1 + u
    elif len(shape) > 1:
        u = u * math.sqrt(24 / math.prod(shape[1:]))
    elif name.endswith("weight"):
        u = 1 + 0.5 * u
    else:
        u = 0.2 * u
    return torch.from_numpy(u.astype(numpy.float32).reshape(shape))


def frame(side):
    """(1, 3, side, side), bytes."""
    y, x, c = numpy.meshgrid(numpy.arange(side), numpy.arange(side), numpy.arange(3), indexing="ij")
    pixels = ((x * x + 3 * y * (c + 1) + 57 * c) // 7 % 256).astype(numpy.float32)
    return torch.from_numpy(pixels).permute(2, 0, 1).unsqueeze(0)


def normalised(side):
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    return (frame(side) / 255 - mean.view(1, 3, 1, 1)) / deviation.view(1, 3, 1, 1)


def fill(module):
    state = {name: tensor for name, tensor in module.state_dict().items() if not name.endswith("num_batches_tracked")}
    module.load_state_dict({name: value(name, list(tensor.shape), n) for n, (name, tensor) in enumerate(state.items())}, strict=False)
    return {name: list(tensor.shape) for name, tensor in state.items()}


def alexnet():
    net = torchvision.models.alexnet().eval()
    shapes = fill(net)
    x = net.avgpool(net.features(normalised(224))).flatten(1)
    return shapes, 224, net.classifier[:6](x)


def resnet18():
    net = torchvision.models.resnet18().eval()
    shapes = fill(net)
    net.fc = torch.nn.Identity()
    return shapes, 224, net(normalised(224))


def caffenet():
    """deploy.prototxt of bvlc_reference_caffenet up to fc7; values from 0 to 255 less the mean, red first."""
    shapes = {
        "conv1.weight": [96, 3, 11, 11], "conv1.bias": [96], "conv2.weight": [256, 48, 5, 5], "conv2.bias": [256], "conv3.weight": [384, 256, 3, 3], "conv3.bias": [384],
        "conv4.weight": [384, 192, 3, 3], "conv4.bias": [384], "conv5.weight": [256, 192, 3, 3], "conv5.bias": [256],
        "fc6.weight": [4096, 9216], "fc6.bias": [4096], "fc7.weight": [4096, 4096], "fc7.bias": [4096],
    }
    w = {name: value(name, shape, n) for n, (name, shape) in enumerate(shapes.items())}

    def norm(x):
        """Across channels: x / (1 + alpha/5 * sum of the squares of five channels) ** 0.75, alpha = 0.0001."""
        padded = F.pad(x * x, (0, 0, 0, 0, 2, 2))
        return x / (1 + 1e-4 / 5 * sum(padded[:, k:k + x.shape[1]] for k in range(5))) ** 0.75

    def conv(name, x, **keywords):
        return F.conv2d(x, w[name + ".weight"], w[name + ".bias"], **keywords).clamp_min(0)

    x = frame(227) - torch.tensor([122.679, 116.669, 104.007]).view(1, 3, 1, 1)
    x = norm(F.max_pool2d(conv("conv1", x, stride=4), 3, 2, ceil_mode=True))
    x = norm(F.max_pool2d(conv("conv2", x, padding=2, groups=2), 3, 2, ceil_mode=True))
    x = conv("conv4", conv("conv3", x, padding=1), padding=1, groups=2)
    x = F.max_pool2d(conv("conv5", x, padding=1, groups=2), 3, 2, ceil_mode=True).flatten(1)
    x = (x @ w["fc6.weight"].T + w["fc6.bias"]).clamp_min(0)
    return shapes, 227, (x @ w["fc7.weight"].T + w["fc7.bias"]).clamp_min(0)


torch.set_grad_enabled(False)
result = {}
for name, make in [("alexnet", alexnet), ("resnet18", resnet18), ("caffenet", caffenet)]:
    shapes, side, features = make()
    features = features[0].double()
    step = len(features) // 32
    result[name] = {
        "side": side, "length": features.norm().item(), "sum": features.sum().item(), "step": step,
        "features": [round(number, 9) for number in features[::step].tolist()], "shapes": shapes,
    }
    print(name, result[name]["length"], result[name]["sum"], (features > 0).double().mean().item())
lines = [f'  {json.dumps(name)}: {json.dumps(entry)}' for name, entry in result.items()]
pathlib.Path(__file__).with_name("network-features.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
