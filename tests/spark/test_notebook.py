"""examples/fruits.ipynb runs from its first cell to its last."""

import os

import nbformat
import pandas as pd
from nbclient import NotebookClient

from conftest import ROOT, link_photos, sample

from .clusters import environment
from .conftest import damage


def test_the_notebook_runs_and_draws(fruits, tmp_path, monkeypatch):
    chosen = sample(fruits / "Training", 150)
    source = link_photos(chosen[5:], fruits, tmp_path / "photos")
    damage(chosen[:5], source / "damaged")
    variables = environment("3.5.6", PHOTOS=str(source), RESULTS=str(tmp_path / "results"), MASTER="local[2]")
    for name, value in variables.items():
        monkeypatch.setitem(os.environ, name, value)
    notebook = nbformat.read(ROOT / "examples" / "fruits.ipynb", as_version=4)
    NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 3
    text = "".join(output.get("text", "") for output in outputs)
    assert "149 photos, 4 rejects" in text  # Spark's binaryFile leaves the empty file out
    assert "145 rows in" in text
    reduced = pd.read_parquet(tmp_path / "results")
    assert len(reduced) == 145
    assert reduced["pca"].str.len().nunique() == 1
