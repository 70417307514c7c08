"""What every peer shares: its command line, the list of photos, and the line it ends with. Standard library
only."""

import argparse
import json
import os
import time
from pathlib import Path

STARTED = time.perf_counter()


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--photos", type=Path, required=True, help="folder of <label>/<photo>.jpg")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--network", help="OpenVINO IR (.xml) or .onnx, f32; Keras peers take .npz")
    parser.add_argument("--size", type=int, default=224, help="pixels on a side that photos are resized to")
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--limit", type=int, default=0, help="only the first N photos by path")
    parser.add_argument(
        "--stage", choices=["features", "all"], default="all", help="all: scaler and PCA as well"
    )
    parser.add_argument("--components", type=int, default=100, help="of the PCA")
    parser.add_argument("--cores", type=int, default=len(os.sched_getaffinity(0)))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    return args


def list_photos(args):
    paths = sorted(str(path) for path in args.photos.rglob("*.jpg"))
    return paths[: args.limit] if args.limit else paths


def label_of(path):
    return path.rsplit("/", 2)[-2]


def report(photos, **more):
    """The last line of stdout, which the harness reads."""
    print(json.dumps({"photos": photos, "seconds": time.perf_counter() - STARTED} | more), flush=True)
