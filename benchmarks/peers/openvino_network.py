"""A network in OpenVINO, as its documentation recommends for throughput on a CPU. Shared by the peers that
use it."""

import numpy as np
import openvino as ov
from openvino.preprocess import PrePostProcessor


def load(path, size):
    """The network with its normalisation inside: u8 NHWC RGB in, features out."""
    model = ov.Core().read_model(path)
    model.reshape([1, 3, size, size])
    steps = PrePostProcessor(model)
    steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    steps.input().model().set_layout(ov.Layout("NCHW"))
    steps.input().preprocess().convert_element_type(ov.Type.f32)
    for setting in ("mean", "scale"):
        values = [
            float(value)
            for value in model.get_rt_info(["model_info", f"{setting}_values"]).astype(str).split()
        ]
        getattr(steps.input().preprocess(), setting)(values)
    return steps.build()


def compile_for_throughput(path, size, precision, threads):
    """Several requests at a time, one stream a core."""
    return compiled(
        path, size, precision, {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_NUM_THREADS": threads}
    )


def compile_for_one_thread(path, size, precision):
    """For a worker process that owns one core. Without pinning off, all workers would pin themselves to core
    0."""
    single = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "ENABLE_CPU_PINNING": False}
    return compiled(path, size, precision, single)


def compiled(path, size, precision, settings):
    hint = {"INFERENCE_PRECISION_HINT": {"f32": ov.Type.f32, "bf16": ov.Type.bf16}[precision]}
    return ov.Core().compile_model(load(path, size), "CPU", settings | hint)


def infer_each(request, images):
    """Batch 1, photo by photo: the fastest on a CPU. Images: u8 [n, size, size, 3]; returns f32 [n,
    features]."""
    rows = [request.infer({0: image[None]}, share_inputs=True)[0].copy() for image in images]
    return np.concatenate(rows).reshape(len(rows), -1)
