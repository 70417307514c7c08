"""tools/build_networks.py against what torch computes from the same weights."""

import importlib.util
import io
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import openvino as ov
import pytest

from pomona import _core

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "build_networks.py"
REFERENCE = ROOT.parent / "shared" / "reference" / "efficientnet-lite0-torch.npz"


@pytest.fixture(scope="module")
def networks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("networks")
    subprocess.run([sys.executable, TOOL, folder], check=True)
    return folder


def tool():
    spec = importlib.util.spec_from_file_location("build_networks", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("size", [224, 160, 128, 100])
def test_features_are_those_of_torch(networks, size):
    reference = np.load(REFERENCE)
    core = ov.Core()
    model = core.read_model(networks / "efficientnet-lite0.xml")
    model.reshape([1, 3, size, size])
    compiled = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    features = np.concatenate([compiled(x[None])[0] for x in reference[f"x{size}"]])
    expected = reference[f"f{size}"]
    assert np.abs(features - expected).max() <= 2e-5 * max(1, np.abs(expected).max())


@pytest.mark.parametrize("size", [224, 128])
def test_pomona_feeds_it_as_torch_was_fed(networks, size):
    """From pixels to features: the graph that agrees with torch, on pixels normalised here, is the oracle."""
    core = ov.Core()
    model = core.read_model(networks / "efficientnet-lite0.xml")
    model.reshape([1, 3, size, size])
    compiled = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    network = _core.Network(precision="f32", size=size)
    for photo in np.random.default_rng(size).integers(0, 256, (3, size, size, 3), np.uint8):
        expected = compiled(((photo.astype(np.float32) - 127) / 128).transpose(2, 0, 1)[None])[0][0]
        assert np.abs(network.infer(photo) - expected).max() <= 2e-5 * max(1, np.abs(expected).max())


def test_the_same_bytes_every_time(networks, tmp_path):
    subprocess.run([sys.executable, TOOL, tmp_path], check=True)
    names = sorted(path.name for path in networks.iterdir())
    assert names == [f"efficientnet-lite{i}.{end}" for i in range(3) for end in ("bin", "xml")]
    for name in names:
        assert (tmp_path / name).read_bytes() == (networks / name).read_bytes(), name


def test_layers_have_the_names_that_the_tables_of_ranges_use(networks):
    model = ov.Core().read_model(networks / "efficientnet-lite0.xml")
    names = {op.get_friendly_name() for op in model.get_ops()}
    assert {
        "image",
        "stem",
        "0.depthwise",
        "1.expand",
        "1.project",
        "2.add",
        "15.project",
        "head",
        "features",
    } <= names


class Evil:
    def __reduce__(self):
        return (print, ("code ran",))


def test_a_pickle_may_name_nothing_else():
    with pytest.raises(pickle.UnpicklingError, match="has no place in a file of weights"):
        tool().read_pth(io.BytesIO(pickle.dumps(Evil())))


def test_other_files_are_refused():
    with pytest.raises(ValueError, match="legacy format"):
        tool().read_pth(
            io.BytesIO(pickle.dumps(1) + pickle.dumps(1001) + pickle.dumps({"little_endian": True}))
        )
