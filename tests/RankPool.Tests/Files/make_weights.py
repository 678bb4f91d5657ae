"""Writes tiny.safetensors: the weights of TinyNet for frames of 8 x 8 x 1 and 2 features, in four element types, by the format's specification alone."""
import json
import pathlib
import struct

SHAPES = {
    "conv1.weight": ("F32", [8, 1, 3, 3]), "conv1.bias": ("F64", [8]),
    "conv2.weight": ("F32", [16, 8, 3, 3]), "conv2.bias": ("F16", [16]),
    "conv3.weight": ("F32", [32, 16, 3, 3]), "conv3.bias": ("BF16", [32]),
    "features.weight": ("F32", [2, 32]), "features.bias": ("F32", [2]),
    "classifier.weight": ("F32", [3, 2]), "something.else": ("I64", [2]),
}


def value(i):
    """Exact in every type: multiples of 1/4 from -2 to 2."""
    return (i % 17 - 8) / 4


def encode(kind, number):
    if kind == "BF16":
        return struct.pack("<f", number)[2:]
    return struct.pack({"F32": "<f", "F64": "<d", "F16": "<e", "I64": "<q"}[kind], int(number) if kind == "I64" else number)


header, data = {"__metadata__": {"made": "by hand"}}, b""
for name, (kind, shape) in SHAPES.items():
    count = 1
    for extent in shape:
        count *= extent
    begin = len(data)
    data += b"".join(encode(kind, value(i)) for i in range(count))
    header[name] = {"dtype": kind, "shape": shape, "data_offsets": [begin, len(data)]}
text = json.dumps(header).encode()
pathlib.Path(__file__).with_name("tiny.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
