"""Daft and OpenVINO: Daft's own reader, decoder and resize, and a class UDF with a network a core;
scikit-learn after it."""

import daft
import tables
from common import arguments, label_of, list_photos, report
from daft import DataType, col


def make_extractor(args, width):
    @daft.cls(max_concurrency=args.cores, use_process=True)
    class Extractor:
        def __init__(self, network, size, precision):
            from openvino_network import compile_for_one_thread

            self.request = compile_for_one_thread(network, size, precision).create_infer_request()

        @daft.method.batch(return_dtype=DataType.fixed_size_list(DataType.float32(), width), batch_size=64)
        def features(self, images):
            from openvino_network import infer_each

            return list(infer_each(self.request, images.to_pylist()))

    return Extractor(args.network, args.size, args.precision)


def main():
    args = arguments(__doc__)
    paths = list_photos(args)
    extractor = make_extractor(args, 1280)
    frame = daft.from_pydict({"path": paths, "label": [label_of(path) for path in paths]})
    image = col("path").download().decode_image(mode="RGB").resize(args.size, args.size)
    frame = frame.with_column("image", image)
    frame = frame.select("path", "label", extractor.features(col("image")).alias("features"))
    frame.write_parquet(str(args.out / "features"), compression="zstd")
    if args.stage == "all":
        paths, vectors = tables.read_vectors(args.out / "features", "features")
        tables.write_vectors(
            args.out / "reduced", "reduced", paths, tables.scale_and_project(vectors, args.components)
        )
    report(len(paths), daft=daft.__version__)


if __name__ == "__main__":
    main()
