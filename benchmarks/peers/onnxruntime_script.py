"""A plain Python script: Pillow, ONNX Runtime, scikit-learn, PyArrow. One session of one thread a core, batch
1: on few cores faster than one session that spreads every operator over all of them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime as ort
import tables
from common import arguments, list_photos, report
from PIL import Image

local = threading.local()


def start_session(network):
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    local.session = ort.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    local.mean, local.scale = (
        np.array(
            [float(value) for value in local.session.get_modelmeta().custom_metadata_map[key].split()],
            np.float32,
        )
        for key in ("mean_values", "scale_values")
    )


def extract(path, size):
    image = Image.open(path).convert("RGB").resize((size, size), Image.Resampling.BICUBIC)
    normalised = (np.asarray(image, np.float32) - local.mean) / local.scale
    name = local.session.get_inputs()[0].name
    return local.session.run(None, {name: np.ascontiguousarray(normalised.transpose(2, 0, 1)[None])})[
        0
    ].reshape(-1)


def main():
    args = arguments(__doc__)
    if args.precision != "f32":
        raise SystemExit("ONNX Runtime's CPU provider computes convolutions in f32 only")
    paths = list_photos(args)
    with ThreadPoolExecutor(args.cores, initializer=start_session, initargs=(args.network,)) as pool:
        features = np.stack(list(pool.map(lambda path: extract(path, args.size), paths)))
    tables.write_vectors(args.out / "features", "features", paths, features)
    if args.stage == "all":
        tables.write_vectors(
            args.out / "reduced", "reduced", paths, tables.scale_and_project(features, args.components)
        )
    report(len(paths), onnxruntime=ort.__version__)


if __name__ == "__main__":
    main()
