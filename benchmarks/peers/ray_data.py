"""Ray Data and OpenVINO: an actor a core that reads, decodes and infers, as Ray's guide to offline batch
inference recommends, with decoding inside the actor so that pixels do not travel through the object store;
scikit-learn after it."""

import numpy as np
import ray
import tables
from common import arguments, label_of, list_photos, report


class Extractor:
    def __init__(self, network, size, precision):
        from openvino_network import compile_for_one_thread

        self.size = size
        self.request = compile_for_one_thread(network, size, precision).create_infer_request()

    def decode(self, path):
        from PIL import Image

        image = Image.open(path).convert("RGB").resize((self.size, self.size), Image.Resampling.BICUBIC)
        return np.asarray(image)

    def __call__(self, batch):
        from openvino_network import infer_each

        images = (self.decode(path) for path in batch["path"])
        return batch | {"features": infer_each(self.request, images)}


def main():
    args = arguments(__doc__)
    paths = list_photos(args)
    ray.init(num_cpus=args.cores, include_dashboard=False, logging_level="error", log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    rows = [{"path": path, "label": label_of(path)} for path in paths]
    features = ray.data.from_items(rows, override_num_blocks=8 * args.cores).map_batches(
        Extractor,
        fn_constructor_args=(args.network, args.size, args.precision),
        batch_size=64,
        compute=ray.data.ActorPoolStrategy(size=args.cores),
        num_cpus=0.75,  # the rest is left to the tasks that list and write
    )
    features.write_parquet(str(args.out / "features"), ray_remote_args={"num_cpus": 0.25})
    if args.stage == "all":
        paths, vectors = tables.read_vectors(args.out / "features", "features")
        tables.write_vectors(
            args.out / "reduced", "reduced", paths, tables.scale_and_project(vectors, args.components)
        )
    ray.shutdown()
    report(len(paths), ray=ray.__version__)


if __name__ == "__main__":
    main()
