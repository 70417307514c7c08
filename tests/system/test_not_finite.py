"""A network that answers some photos with infinity or not a number: those photos are rejects, the others have features."""

import numpy as np
import onnx
import pandas as pd
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from conftest import pomona

SIZE = 16
FEATURES = 37  # no multiple of a vector register


def logarithms(path, special):
    """The logarithm of a photo's mean brightness, 37 times; of the brightness less 100 at the place `special`."""
    red = np.zeros((FEATURES, 3, 1, 1), np.float32)
    red[:, 0] = 1
    less = np.zeros((1, FEATURES), np.float32)
    less[0, special] = 100
    nodes = [
        helper.make_node("Conv", ["image", "red"], ["grey"]),
        helper.make_node("GlobalAveragePool", ["grey"], ["pool"]),
        helper.make_node("Flatten", ["pool"], ["flat"]),
        helper.make_node("Sub", ["flat", "less"], ["difference"]),
        helper.make_node("Log", ["difference"], ["logarithm"], name="logarithm"),
    ]
    graph = helper.make_graph(
        nodes,
        "logarithms",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("logarithm", TensorProto.FLOAT, [1, FEATURES])],
        [numpy_helper.from_array(red, "red"), numpy_helper.from_array(less, "less")],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)


@pytest.mark.parametrize("special", [0, 20, FEATURES - 1])
def test_a_photo_with_one_feature_that_is_not_finite_is_a_reject(tmp_path, special):
    logarithms(tmp_path / "logarithms.onnx", special)
    for grey in (50, 100, 200):  # not a number; minus infinity; all well
        folder = tmp_path / "photos" / "grey"
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (SIZE, SIZE), (grey, grey, grey)).save(folder / f"{grey}.png")
    flags = ["--network", tmp_path / "logarithms.onnx", "--output-layer", "logarithm", "--precision", "f32"]
    pomona("extract", tmp_path / "photos", tmp_path / "out", *flags)

    rejects = pd.read_parquet(tmp_path / "out/rejects")
    assert sorted(rejects.path) == ["grey/100.png", "grey/50.png"]
    assert set(rejects.stage) == {"infer"}
    assert set(rejects.reason) == {"not-finite"}
    rows = pd.read_parquet(tmp_path / "out/features")
    assert list(rows.path) == ["grey/200.png"]
    expected = np.full(FEATURES, np.log(200))
    expected[special] = np.log(100)
    np.testing.assert_allclose(rows.features[0], expected, rtol=1e-5)
