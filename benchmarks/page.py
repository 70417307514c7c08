"""How long `pomona report` takes, how much memory, how large the page: python benchmarks/page.py [ROWS]

Without ROWS, over the photos that the other benchmarks run on. With ROWS (1000000), over a made-up dataset of so many rows
of 100 components, whose photos are links to rendered ones, so that thumbnails are read and decoded as ever. Leaves the
page at build/benchmarks/page/OUT/report.html, to be opened by hand or by `npm run measure`.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from harness import Case, run_cases
from photos import default_folder

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build/benchmarks/page"
PROGRAM = ROOT / ".venv/bin/pomona"
COMPONENTS = 100


def pomona(*arguments):
    subprocess.run([PROGRAM, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def link_rows(samples, rows, target):
    """So many links, in the folders of the samples' classes."""
    photos = sorted(samples.rglob("*.jpg"))
    for i in range(rows):
        photo = photos[i % len(photos)]
        link = target / photo.parent.name / f"{photo.stem}_{i}.jpg"
        if i < len(photos):
            link.parent.mkdir(parents=True, exist_ok=True)
        os.link(photo, link)


def list_source(source, out):
    """The plan, as the program writes it before the first photo is read; there it is stopped."""
    process = subprocess.Popen([PROGRAM, "extract", source, out, "--quiet"])
    while not (out / "plan/settings.json").exists():
        if process.poll() is not None:
            sys.exit("pomona extract ended before its plan stood")
        time.sleep(0.05)
    process.kill()
    process.wait()


def make_rows(model, out):
    """Reduced vectors around a mean a class, commit records and run.json for the plan in `out`."""
    table = pq.read_table(
        sorted((out / "plan").glob("*.parquet")), columns=["path", "label", "shard"]
    ).to_pandas()
    labels = sorted(table["label"].unique())
    random = np.random.default_rng(1)
    scale = np.sqrt(
        json.loads((model / "run.json").read_text())["rows"] / np.arange(1, COMPONENTS + 1) ** 1.2
    )
    means = random.normal(size=(len(labels), COMPONENTS)) * scale
    for folder in ("reduced", "shards"):
        shutil.rmtree(out / folder, ignore_errors=True)
        (out / folder).mkdir()
    schema = pq.read_schema(next((model / "reduced").glob("*.parquet")))
    settings = json.loads((out / "plan/settings.json").read_text())
    record = json.loads((model / "shards/00000.json").read_text())
    parts = []
    for shard, rows in table.groupby("shard"):
        rows = rows.sort_values("path")
        vectors = (
            means[np.searchsorted(labels, rows["label"])]
            + random.normal(size=(len(rows), COMPONENTS)) * scale
        )
        lists = pa.ListArray.from_arrays(
            pa.array(np.arange(0, len(rows) * COMPONENTS + 1, COMPONENTS, dtype=np.int32)),
            pa.array(vectors.astype(np.float32).ravel()),
        )
        columns = [pa.array(rows["path"]), pa.array(rows["label"]), lists]
        part = out / f"reduced/part-{shard:05d}.parquet"
        pq.write_table(
            pa.table(columns, names=["path", "label", "reduced"]).cast(schema), part, compression="zstd"
        )
        parts.append({"bytes": part.stat().st_size, "sha256": sha256(part.read_bytes()).hexdigest()})
        counts = {"photos": len(rows), "rows": len(rows), "rejects": 0, "reasons": {}}
        # Of features and rejects a report reads nothing; a record names them.
        counts["files"] = {
            f"{folder}/part-{shard:05d}.parquet": next(iter(record["files"].values()))
            for folder in ("features", "rejects")
        }
        (out / f"shards/{shard:05d}.json").write_text(
            json.dumps(record | counts | {"shard": int(shard), "shards": settings["shards"]})
        )
    run = json.loads((model / "run.json").read_text())
    run |= {
        "photos": len(table),
        "rows": len(table),
        "rejects": 0,
        "reduced": parts,
        "shards": settings["shards"],
    }
    run |= {"labels": table["label"].value_counts().to_dict(), "source": settings["source"]}
    (out / "run.json").write_text(json.dumps(run))
    shutil.copytree(model / "bundle", out / "bundle", dirs_exist_ok=True)


def made_up(rows):
    shutil.rmtree(WORK, ignore_errors=True)
    samples, model, source, out = (WORK / name for name in ("samples", "model", "photos", "out"))
    pomona("samples", samples)
    pomona("run", samples, model, "--components", COMPONENTS, "--no-report", "--quiet")
    link_rows(samples, rows, source)
    list_source(source, out)
    make_rows(model, out)
    return out


def real():
    out = WORK / "real"
    if not (out / "run.json").exists():
        pomona("run", default_folder(ROOT), out, "--no-report", "--quiet")
    return out


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    out = made_up(rows) if rows else real()
    case = Case("report", [str(PROGRAM), "report", str(out), "--json", "--quiet"])
    (result,) = run_cases([case], 3, WORK / "runs", log=lambda text: None)
    if result.failure:
        sys.exit(result.failure)
    reported = result.runs[0].reported
    subprocess.run([PROGRAM, "report", out, "--thumbnails", "0", "--quiet"], check=True)
    bare = (out / "report.html").stat().st_size
    pomona("report", out, "--quiet")
    print(
        f"{reported['points']:,} points: {result.median('wall_seconds'):.1f} s ({result.median('cpu_seconds'):.1f} CPU-s), "
        f"{result.median('peak_memory_bytes') / 1e6:.0f} MB at most; page {reported['bytes'] / 1e6:.2f} MB "
        f"with {reported['thumbnails']:,} thumbnails, {bare / 1e6:.2f} MB without\n{out}/report.html"
    )


if __name__ == "__main__":
    main()
