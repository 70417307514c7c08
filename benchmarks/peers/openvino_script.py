"""A plain Python script: Pillow, OpenVINO's AsyncInferQueue at batch 1, scikit-learn, PyArrow."""

import numpy as np
import openvino as ov
import tables
from common import arguments, list_photos, report
from openvino_network import compile_for_throughput
from PIL import Image


def main():
    args = arguments(__doc__)
    paths = list_photos(args)
    network = compile_for_throughput(args.network, args.size, args.precision, args.cores)
    features = np.empty((len(paths), network.output(0).partial_shape[1].get_length()), np.float32)

    def store(request, index):
        features[index] = request.get_output_tensor(0).data.reshape(-1)

    queue = ov.AsyncInferQueue(network)
    queue.set_callback(store)
    for index, path in enumerate(paths):
        image = Image.open(path).convert("RGB").resize((args.size, args.size), Image.Resampling.BICUBIC)
        queue.start_async({0: np.asarray(image)[None]}, userdata=index)
    queue.wait_all()

    tables.write_vectors(args.out / "features", "features", paths, features)
    if args.stage == "all":
        tables.write_vectors(
            args.out / "reduced", "reduced", paths, tables.scale_and_project(features, args.components)
        )
    report(len(paths), openvino=ov.__version__)


if __name__ == "__main__":
    main()
