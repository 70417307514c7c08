"""pomona similar among generated photos: seconds, CPU-seconds and peak memory, and NumPy's answer beside it.

    .venv/bin/python benchmarks/similar.py [ROWS=1000000] [FOLDER=build/similar]

The reduced vectors are random in the directions of a real bundle; a million of 500 numbers take 2 GB of disk.
"""

from __future__ import annotations

import hashlib
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PROGRAM = Path(sys.executable).parent / "pomona"
COMPONENTS = 500
PART_ROWS = 1000


def pomona(*arguments: object) -> str:
    return subprocess.run([PROGRAM, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def dataset(folder: Path, rows: int) -> Path:
    """A finished run whose reduced parts are replaced by generated ones."""
    out = folder / "out"
    if not (folder / "photos").exists():
        pomona("samples", folder / "photos")
        pomona("run", folder / "photos", out, "--components", COMPONENTS, "--no-report", "--quiet")
    run = json.loads((out / "run.json").read_text())
    if len(run["reduced"]) == rows // PART_ROWS:
        return out
    for part in (out / "reduced").iterdir():
        part.unlink()
    random = np.random.default_rng(1)
    spread = np.linspace(3, 0.1, COMPONENTS, dtype=np.float32)
    run["reduced"] = []
    for part in range(rows // PART_ROWS):
        values = random.standard_normal((PART_ROWS, COMPONENTS), dtype=np.float32) * spread
        offsets = np.arange(0, PART_ROWS * COMPONENTS + 1, COMPONENTS, dtype=np.int32)
        table = pa.table(
            {
                "path": [f"class-{part % 33}/{part:05}-{row:04}.jpg" for row in range(PART_ROWS)],
                "label": [f"class-{part % 33}"] * PART_ROWS,
                "reduced": pa.ListArray.from_arrays(pa.array(offsets), pa.array(values.ravel())),
            }
        )
        path = out / "reduced" / f"part-{part:05}.parquet"
        pq.write_table(table, path, compression="zstd", compression_level=1, use_dictionary=["label"])
        run["reduced"].append(
            {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        )
    (out / "run.json").write_text(json.dumps(run))
    return out


def expected(out: Path, query: np.ndarray, top: int) -> list[str]:
    """The nearest by NumPy, part by part."""
    best: list[tuple[float, str]] = []
    for part in sorted((out / "reduced").iterdir()):
        table = pq.read_table(part)
        rows = table["reduced"].combine_chunks().flatten().to_numpy().reshape(-1, COMPONENTS).astype(float)
        cosines = rows @ query / np.linalg.norm(rows, axis=1) / np.linalg.norm(query)
        paths = table["path"].to_pylist()
        best += [(-cosines[i], paths[i]) for i in np.argpartition(-cosines, top)[:top]]
        best = sorted(best)[:top]
    return [path for _, path in best]


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "build/similar")
    folder.mkdir(parents=True, exist_ok=True)
    out = dataset(folder, rows)
    photo = sorted((folder / "photos").rglob("*.jpg"))[0]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    answer = json.loads(pomona("similar", out / "bundle", out, photo, "--json"))["photos"][0]["similar"]
    seconds = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{rows:,} rows of {COMPONENTS}: {seconds:.1f} s, {cpu:.1f} CPU-s")
    # The kernel counts the largest child so far: here that is the search, or the small run before it.
    print(f"peak memory {after.ru_maxrss / 1024:.0f} MB")

    import pomona as package

    table = package.load_bundle(str(out / "bundle")).reduce([str(photo)])
    query = np.asarray(table["reduced"][0].as_py(), dtype=float)
    same = [hit["path"] for hit in answer] == expected(out, query, len(answer))
    print("the same photos as NumPy" if same else "NOT the photos that NumPy finds")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
