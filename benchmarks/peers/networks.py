"""The networks of the peers, in the forms that their engines read.

    python networks.py OUTDIR [--lite0 efficientnet-lite0.xml]

mobilenet_v2.xml/.onnx: MobileNetV2 1.0 (Sandler et al., 2018, table 2) with random weights: Keras's trained
ones are a download from outside the package registries, and weights do not change what a convolution costs.
lite0.xml/.onnx/.npz: Pomona's EfficientNet-Lite0, the same weights in every engine.

One walk over an OpenVINO graph writes the others; it knows the few operations that these networks have. The
.npz, for Keras, holds the same list of operations as JSON, and the weights.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import openvino as ov
from onnx import helper, numpy_helper
from openvino import opset13 as ops

# -- MobileNetV2


class MobileNet:
    # expansion, channels, repeats, stride of the first
    STAGES = (
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    )

    def __init__(self, seed=0):
        self.random = np.random.default_rng(seed)

    def convolution(self, x, channels, size, stride, depthwise=False, relu6=True):
        inputs = x.get_output_partial_shape(0)[1].get_length()
        fan_in = size * size * (1 if depthwise else inputs)
        shape = (inputs, 1, 1, size, size) if depthwise else (channels, inputs, size, size)
        kernel = ops.constant((self.random.standard_normal(shape) * np.sqrt(2 / fan_in)).astype(np.float32))
        make = ops.group_convolution if depthwise else ops.convolution
        y = make(x, kernel, [stride, stride], [0, 0], [0, 0], [1, 1], auto_pad="same_upper")
        bias = self.random.standard_normal((1, channels, 1, 1)).astype(np.float32) * 0.1
        y = ops.add(y, ops.constant(bias))
        return ops.clamp(y, 0.0, 6.0) if relu6 else y

    def block(self, x, expansion, channels, stride):
        inputs = x.get_output_partial_shape(0)[1].get_length()
        y = self.convolution(x, inputs * expansion, 1, 1) if expansion > 1 else x
        y = self.convolution(y, inputs * expansion, 3, stride, depthwise=True)
        y = self.convolution(y, channels, 1, 1, relu6=False)
        return ops.add(x, y) if stride == 1 and inputs == channels else y

    def build(self):
        image = ops.parameter([1, 3, 224, 224], np.float32, name="image")
        x = self.convolution(image, 32, 3, 2)
        for expansion, channels, repeats, stride in self.STAGES:
            for repeat in range(repeats):
                x = self.block(x, expansion, channels, stride if repeat == 0 else 1)
        x = self.convolution(x, 1280, 1, 1)
        features = ops.reduce_mean(x, np.array([2, 3], np.int64), keep_dims=False)
        model = ov.Model([features], [image], "mobilenet_v2")
        model.set_rt_info("127.5 127.5 127.5", ["model_info", "mean_values"])
        model.set_rt_info("127.5 127.5 127.5", ["model_info", "scale_values"])
        return model


# -- The walk


def operations(model):
    """Each operation as a dict: op, name, inputs (names), and what the kind needs: stride, kernel, bias. A
    bias is an Add with a constant; it stays an operation of its own."""
    constants, listed = {}, []
    for node in model.get_ordered_ops():
        kind, name = node.get_type_name(), node.get_friendly_name()
        inputs = [node.input_value(i).get_node().get_friendly_name() for i in range(node.get_input_size())]
        if kind == "Constant":
            constants[name] = node.get_data()
        elif kind in ("Convolution", "GroupConvolution"):
            attributes = node.get_attributes()
            if attributes["auto_pad"] != "same_upper":
                raise ValueError(f"{name}: padding {attributes['auto_pad']} is not known here")
            kernel = constants[inputs[1]]
            depthwise = kind == "GroupConvolution"
            step = {"op": "depthwise" if depthwise else "convolution", "name": name, "inputs": inputs[:1]}
            step |= {"stride": attributes["strides"][0], "kernel": kernel[:, 0] if depthwise else kernel}
            listed.append(step)
        elif kind == "Add":
            bias = next((constants[i] for i in inputs if i in constants), None)
            if bias is None:
                listed.append({"op": "sum", "name": name, "inputs": inputs})
            else:
                kept = [i for i in inputs if i not in constants]
                listed.append({"op": "bias", "name": name, "inputs": kept, "bias": bias.reshape(-1)})
        elif kind == "Clamp":
            listed.append({"op": "relu6", "name": name, "inputs": inputs})
        elif kind == "ReduceMean":
            listed.append({"op": "mean", "name": name, "inputs": inputs[:1]})
        elif kind == "Parameter":
            listed.append({"op": "input", "name": name, "inputs": []})
        elif kind != "Result":
            raise ValueError(f"{name}: operation {kind} is not known here")
    return listed


def fuse_biases(listed):
    """A bias right after a convolution becomes a part of it."""
    by_name, renamed, fused = {}, {}, []
    for step in listed:
        step = step | {"inputs": [renamed.get(name, name) for name in step["inputs"]]}
        if step["op"] == "bias":
            by_name[step["inputs"][0]]["bias"] = step["bias"]
            renamed[step["name"]] = step["inputs"][0]
            continue
        by_name[step["name"]] = step
        fused.append(step)
    return fused


def normalisation(model):
    return {
        key: model.get_rt_info(["model_info", key]).astype(str) for key in ("mean_values", "scale_values")
    }


def write_onnx(model, path):
    nodes, weights, last = [], [], ""
    for number, step in enumerate(fuse_biases(operations(model))):
        name, last = step["name"], step["name"]
        if step["op"] in ("convolution", "depthwise"):
            kernel = step["kernel"]
            weights.append(numpy_helper.from_array(np.ascontiguousarray(kernel), f"kernel{number}"))
            weights.append(numpy_helper.from_array(np.ascontiguousarray(step["bias"]), f"bias{number}"))
            attributes = {
                "auto_pad": "SAME_UPPER",
                "strides": [step["stride"]] * 2,
                "kernel_shape": kernel.shape[2:],
                "group": kernel.shape[0] if step["op"] == "depthwise" else 1,
            }
            inputs = [step["inputs"][0], f"kernel{number}", f"bias{number}"]
            nodes.append(helper.make_node("Conv", inputs, [name], **attributes))
        elif step["op"] == "relu6":
            nodes.append(helper.make_node("Clip", [step["inputs"][0], "zero", "six"], [name]))
        elif step["op"] == "sum":
            nodes.append(helper.make_node("Add", step["inputs"], [name]))
        elif step["op"] == "mean":
            nodes.append(helper.make_node("GlobalAveragePool", step["inputs"], [f"{name}.pool"]))
            nodes.append(helper.make_node("Flatten", [f"{name}.pool"], [name]))
    weights += [numpy_helper.from_array(np.float32(0), "zero"), numpy_helper.from_array(np.float32(6), "six")]
    image = helper.make_tensor_value_info("image", onnx.TensorProto.FLOAT, [1, 3, "height", "width"])
    features = helper.make_tensor_value_info(last, onnx.TensorProto.FLOAT, [1, None])
    graph = helper.make_graph(nodes, model.get_friendly_name(), [image], [features], weights)
    written = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(written, normalisation(model))
    onnx.checker.check_model(written)
    onnx.save(written, path)


def write_npz(model, path):
    arrays, steps = {}, []
    for step in fuse_biases(operations(model)):
        for key in ("kernel", "bias"):
            if key in step:
                arrays[f"{step['name']}/{key}"] = step.pop(key)
        steps.append(step)
    layout = json.dumps({"steps": steps} | normalisation(model))
    np.savez(path, layout=np.array(layout), **arrays)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--lite0", type=Path, help="Pomona's IR of EfficientNet-Lite0")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    models = {"mobilenet_v2": MobileNet().build()}
    if args.lite0:
        models["lite0"] = ov.Core().read_model(args.lite0)
    for name, model in models.items():
        ov.save_model(model, args.out / f"{name}.xml", compress_to_fp16=False)
        write_onnx(model, args.out / f"{name}.onnx")
        write_npz(model, args.out / f"{name}.npz")


if __name__ == "__main__":
    main()
