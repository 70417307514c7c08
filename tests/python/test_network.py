"""Networks through the extension: against torch, on real photos, and with a user's own ONNX file."""

import io
import tarfile
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pomona import Error, _core

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(autouse=True)
def compile_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("POMONA_CACHE", str(tmp_path / "cache"))


def photos(archive, folder, count, size):
    """`count` photos of an archive, spread over its classes."""
    found = []
    with tarfile.open(SHARED / "data" / archive) as tar:
        members = sorted(
            (m for m in tar.getmembers() if m.isfile() and folder in m.name and m.name.endswith(".jpg")),
            key=lambda m: m.name,
        )
        for member in members[:: max(1, len(members) // count)][:count]:
            image = Image.open(io.BytesIO(tar.extractfile(member).read())).convert("RGB")
            found.append(np.asarray(image.resize((size, size), Image.Resampling.BICUBIC)))
    return found


def cosine(a, b):
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


@pytest.mark.parametrize(
    ("archive", "folder", "mean", "least"),
    [("fruits-360-33.tar.gz", "/Test/", 0.993, 0.98), ("grocery-train-val.tar.gz", "val/", 0.993, 0.98)],
)
@pytest.mark.parametrize("size", [224, 128])
def test_int8_is_near_f32_on_real_photos(archive, folder, mean, least, size):
    exact, int8 = (_core.Network(precision=precision, size=size) for precision in ("f32", "int8"))
    cosines = [cosine(exact.infer(photo), int8.infer(photo)) for photo in photos(archive, folder, 40, size)]
    assert len(cosines) == 40
    assert np.mean(cosines) >= mean
    assert np.min(cosines) >= least


def test_bf16_is_near_f32():
    photo = np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)
    exact, rough = (_core.Network(precision=precision).infer(photo) for precision in ("f32", "bf16"))
    assert cosine(exact, rough) > 0.99


def test_photo_of_another_shape_is_refused():
    network = _core.Network(size=64)
    with pytest.raises(Error, match="not of shape"):
        network.infer(np.zeros((63, 64, 3), np.uint8))


def test_networks_run_side_by_side():
    photo = np.random.default_rng(1).integers(0, 256, (128, 128, 3), np.uint8)
    expected = _core.Network(size=128).infer(photo)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(_core.Network(size=128).infer(photo))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert all(np.array_equal(features, expected) for features in found)


@pytest.fixture
def onnx_file(tmp_path):
    """image [1, 3, 32, 32] -> conv -> ReLU -> conv -> global mean -> flatten -> 5 classes."""
    onnx = pytest.importorskip("onnx")
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(0)

    def weights(name, *shape):
        return numpy_helper.from_array(random.standard_normal(shape).astype(np.float32) / 4, name)

    nodes = [
        helper.make_node("Conv", ["image", "w1"], ["conv1"], name="conv1", pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["conv1"], ["relu1"]),
        helper.make_node("Conv", ["relu1", "w2"], ["conv2"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["conv2"], ["relu2"]),
        helper.make_node("GlobalAveragePool", ["relu2"], ["pool"]),
        helper.make_node("Flatten", ["pool"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w3"], ["logits"], transB=1),
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, 32, 32])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 5])],
        [weights("w1", 8, 3, 3, 3), weights("w2", 12, 8, 3, 3), weights("w3", 5, 12)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path = tmp_path / "my.onnx"
    onnx.save(model, path)
    return str(path)


def noise(count, size):
    coarse = np.random.default_rng(2).integers(0, 256, (count, 8, 8, 3), np.uint8)
    return coarse.repeat(size // 8, 1).repeat(size // 8, 2)


def test_onnx_runs_and_calibrates(onnx_file):
    network = _core.Network(network=onnx_file, precision="f32", mean=[127], scale=[128])
    assert (network.dimension, network.size) == (12, 32)
    with pytest.raises(Error, match="pomona calibrate"):
        _core.Network(network=onnx_file, precision="int8")

    result = _core.calibrate(onnx_file, 32, noise(20, 32))
    assert (result.measured, result.held_back) == (16, 4)
    assert set(result.ranges) == {"relu1"}
    ranges = _core.ranges_from_json(_core.ranges_to_json(result.ranges), "ranges.json")
    int8 = _core.Network(network=onnx_file, precision="int8", ranges=ranges)
    exact = _core.Network(network=onnx_file, precision="f32")
    assert all(cosine(exact.infer(photo), int8.infer(photo)) > 0.99 for photo in noise(5, 32))


def test_ranges_are_the_quantiles_of_the_worst_photos(onnx_file):
    """NumPy as the oracle, on what the layer itself gives."""
    ov = pytest.importorskip("openvino")
    photos_ = noise(6, 32)
    result = _core.calibrate(onnx_file, 32, photos_)
    core = ov.Core()
    model = core.read_model(onnx_file)
    model.reshape([1, 3, 32, 32])
    model.add_outputs("relu1")
    compiled = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    tensors = [
        compiled(p.transpose(2, 0, 1)[None].astype(np.float32))["relu1"] for p in np.delete(photos_, 4, 0)
    ]
    expected = [min(np.quantile(t, 1e-4) for t in tensors), max(np.quantile(t, 1 - 1e-4) for t in tensors)]
    np.testing.assert_allclose(result.ranges["relu1"], expected, rtol=1e-5, atol=1e-5)


def test_onnx_layer_by_name(onnx_file):
    assert _core.Network(network=onnx_file, precision="f32", output_layer="conv1").dimension == 8
    with pytest.raises(Error, match="did you mean relu2"):
        _core.Network(network=onnx_file, precision="f32", output_layer="relu_2")
