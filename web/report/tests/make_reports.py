"""Real reports for the browser tests, and what they must show, told by others than Pomona.

    python make_reports.py FOLDER

runs the program over 4,000 photographs of ../shared with 60 damaged ones among them, over photos with hostile names, and
over other photos as an evaluation. expected.json holds what pandas, scikit-learn and NumPy read out of the Parquet.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import metrics

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "system")]
from test_damaged import damaged_files  # noqa: E402

from conftest import link_photos, pomona, sample, unpack  # noqa: E402

PHOTOS = 4000
DAMAGED = {"truncated": 22, "flipped": 14, "header": 6, "empty": 6, "text": 6, "other": 6}
# Names of files and of folders (labels); a slash in one makes a folder of what stands before it.
HOSTILE = [
    "</script><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "\"quotes\" & 'apostrophes' <b>bold<b>",
    "\u202egnp.elppa\u202c",
    "تفاح أحمر",
    "🍎🍏 emoji 👩🏽‍🌾",
    "line\u2028separator\u2029and\nnewline",
    "<!--<script>",
    '=HYPERLINK("http:\\\\example.invalid","x")',
    "{{script}} ${window.pwned=1} &lt;b&gt; %3Cscript%3E",
    "long" * 50,
]


def fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def make_source(fruits: Path, target: Path) -> dict[str, str]:
    """4,000 photos and 60 damaged ones in their classes' folders; the damaged ones with their kind."""
    training = fruits / "Training"
    chosen = sample(training, PHOTOS)
    link_photos(chosen, training, fresh(target))
    files = damaged_files([photo.read_bytes() for photo in sample(training, 100, seed=3)])
    classes = sorted({photo.parent.name for photo in chosen})
    damaged = {}
    for kind, count in DAMAGED.items():
        for i in range(count):
            content, _ = files[f"{kind}-{i}.jpg"]
            path = f"{classes[len(damaged) % len(classes)]}/{kind}-{i}.jpg"
            (target / path).write_bytes(content)
            damaged[path] = kind
    return damaged


def make_hostile(fruits: Path, target: Path) -> None:
    """Every hostile name as a file among harmless ones, as a label, and as a file that is no photo."""
    photos = [photo.read_bytes() for photo in sample(fruits / "Training", 40, seed=11)]
    fresh(target)
    for i, name in enumerate(HOSTILE):
        for j, path in enumerate([f"{name}/a.jpg", f"{name}/b.jpg", f"plain/{name}.jpg", f"bad/{name}"]):
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(photos[(3 * i + j) % 40] if j < 3 else b"no photo")
    (target / "plain" / os.fsdecode(b"caf\xe9.jpg")).write_bytes(photos[0])


def spectrum(out: Path) -> list[float]:
    """Cumulated shares of the variance of all components, by NumPy."""
    features = np.stack(pd.read_parquet(out / "features", columns=["features"])["features"]).astype(
        np.float64
    )
    deviation = features.std(axis=0)
    scaled = (features - features.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    values = np.linalg.eigvalsh(np.cov(scaled, rowvar=False))[::-1]
    return np.cumsum(np.clip(values, 0, None) / values.sum()).tolist()


def judged(rows: pd.DataFrame) -> dict:
    """What a classifier's section must say of these answers, by scikit-learn."""
    labels = sorted(set(rows["label"]) | set(rows["predicted"]))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        rows["label"], rows["predicted"], labels=labels, zero_division=0
    )
    matrix = metrics.confusion_matrix(rows["label"], rows["predicted"], labels=labels)
    wrong = rows[rows["label"] != rows["predicted"]].sort_values(
        ["probability", "path"], ascending=[False, True]
    )
    return {
        "photos": len(rows),
        "accuracy": metrics.accuracy_score(rows["label"], rows["predicted"]),
        "classes": labels,
        "per_class": np.column_stack([precision, recall, f1, support]).tolist(),
        "confusion": matrix.tolist(),
        "mistakes": wrong["path"].head(24).tolist(),
        "cells": rows.groupby(["label", "predicted"])["path"]
        .agg(list)
        .to_frame()
        .reset_index()
        .values.tolist(),
    }


def expected(out: Path, damaged: dict[str, str]) -> dict:
    reduced = pd.concat(pd.read_parquet(part) for part in sorted((out / "reduced").glob("*.parquet")))
    features = pd.read_parquet(out / "features", columns=["path", "sha256"]).set_index("path")
    rejects = pd.read_parquet(out / "rejects")
    vectors = np.stack(reduced["reduced"])
    return {
        "listed": len(reduced) + len(rejects),
        "paths": reduced["path"].tolist(),
        "labels": reduced["label"].tolist(),
        "components": vectors[:, :16].T.tolist(),
        "k": vectors.shape[1],
        "sha256": features.loc[reduced["path"], "sha256"].tolist(),
        "rejects": rejects[["path", "stage", "reason", "detail"]].fillna("").to_dict("records"),
        "reasons": rejects["reason"].value_counts().to_dict(),
        "damaged": damaged,
        "cumulative": spectrum(out),
        "heldBack": judged(pd.read_parquet(out / "held-back")),
    }


def main(folder: Path) -> None:
    fruits = unpack("fruits-360-33.tar.gz") / "fruits-360-33"
    folder.mkdir(parents=True, exist_ok=True)
    damaged = make_source(fruits, folder / "photos")
    out = fresh(folder / "out")
    pomona("run", folder / "photos", out, "--quiet")
    (folder / "expected.json").write_text(json.dumps(expected(out, damaged)))
    link_photos(sample(fruits / "Test", 400, seed=5), fruits / "Test", fresh(folder / "other"))
    (folder / "other" / "Apricot" / "empty.jpg").write_bytes(b"")
    figures = pomona(
        "evaluate", out / "bundle", folder / "other", "-o", folder / "evaluation.html", "--json", "--quiet"
    ).json
    (folder / "evaluation.json").write_text(json.dumps(figures))
    make_hostile(fruits, folder / "hostile")
    pomona("run", folder / "hostile", fresh(folder / "hostile-out"), "--components", "20", "--quiet")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
