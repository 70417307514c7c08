"""The report as the program writes it: when it is made, when it is not, and what goes with the photos.

What the page shows and does is tested in a browser: web/report/tests.
"""

import base64
import json
import re
import shutil

import pandas as pd
import pytest

from conftest import pomona


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "photos"
    pomona("samples", folder, "--classes", 6, "--views", 24)
    return folder


@pytest.fixture(scope="module")
def out(photos):
    target = photos.parent / "out"
    pomona("run", photos, target, "--no-report", "--quiet")
    return target


def contents(page) -> tuple[dict, dict]:
    """The page's JSON, and the sizes of its blocks."""
    text = page.read_text()
    data = json.loads(re.search(r'id="report">([^<]*)<', text).group(1))
    blocks = re.findall(r'id="block-([a-z0-9-]+)">([^<]*)<', text)
    return data, {name: len(base64.b64decode(block)) for name, block in blocks}


def test_the_report_can_be_left_out_and_made_later(out):
    assert not (out / "report.html").exists()
    summary = pomona("report", out, "--json", "--quiet").json
    assert (out / "report.html").stat().st_size == summary["bytes"]
    data, blocks = contents(out / "report.html")
    rows = len(pd.read_parquet(out / "reduced"))
    assert data["counts"]["rows"] == summary["points"] == rows
    assert blocks["component-0"] == 2 * rows
    assert data["sprite"]["count"] == summary["thumbnails"] > rows / 2


@pytest.mark.parametrize("most", [0, 40])
def test_the_number_of_thumbnails_is_bounded(out, most):
    pomona("report", out, "--thumbnails", most, "--quiet")
    data, blocks = contents(out / "report.html")
    assert data["sprite"]["count"] <= most
    assert (blocks["sprite"] > 0) == (most > 0)


def test_a_wrong_number_of_thumbnails_is_refused_before_the_first_photo(photos, tmp_path):
    run = pomona("run", photos, tmp_path / "out", "--thumbnails", "many", check=False)
    assert run.status == 2
    assert "--thumbnails" in run.stderr
    assert not (tmp_path / "out").exists()


def test_training_renews_the_report(photos, tmp_path):
    out = tmp_path / "out"
    pomona("run", photos, out, "--no-train", "--thumbnails", 0, "--quiet")
    assert contents(out / "report.html")[0]["classifier"] is None
    pomona("train", out, "--quiet")
    classifier = contents(out / "report.html")[0]["classifier"]
    held_back = pd.read_parquet(out / "held-back")
    assert classifier["photos"] == len(held_back)
    assert classifier["accuracy"] == pytest.approx((held_back["label"] == held_back["predicted"]).mean())
    # Cross-validation judges other models than the finished one, which has learnt from these photos.
    assert json.loads((out / "run.json").read_text())["classifier"]["accuracy"] == classifier["accuracy"]


def test_photos_that_have_moved_are_found_by_source(photos, tmp_path):
    source, out = tmp_path / "photos", tmp_path / "out"
    shutil.copytree(photos, source)
    pomona("run", source, out, "--no-report", "--quiet")
    moved = source.rename(tmp_path / "moved")
    gone = pomona("report", out, "--quiet")
    assert "--source" in gone.stderr
    assert contents(out / "report.html")[0]["sprite"]["count"] == 0
    pomona("report", out, "--source", moved, "--quiet")
    assert contents(out / "report.html")[0]["sprite"]["count"] > 50


def test_an_evaluation_first_tries_where_its_page_goes(out, photos, tmp_path):
    (tmp_path / "file").write_text("in the way")
    run = pomona("evaluate", out / "bundle", photos, "-o", tmp_path / "file" / "page.html", check=False)
    assert run.status == 1
    assert str(tmp_path / "file") in run.stderr
    assert "evaluate  " not in run.stderr  # no photo was looked at


def test_an_evaluation_writes_the_same_page(out, photos, tmp_path):
    pomona("train", out, "--no-report", "--quiet")
    page = tmp_path / "pages" / "page.html"
    figures = pomona("evaluate", out / "bundle", photos, "-o", page, "--json", "--quiet").json
    data, blocks = contents(page)
    assert data["kind"] == "evaluation"
    assert data["counts"] == {"listed": figures["photos"], "rows": figures["rows"], "rejects": 0}
    assert data["classifier"]["accuracy"] == pytest.approx(figures["accuracy"])
    assert data["classifier"]["ece"] == pytest.approx(figures["ece"])
    assert [each["path"] for each in data["classifier"]["mistakes"]] == [
        each["path"] for each in figures["mistakes"]
    ][: len(data["classifier"]["mistakes"])]
    cells = {(cell["truth"], cell["predicted"]): cell["count"] for cell in data["classifier"]["confusion"]}
    names = [each["name"] for each in data["classes"]]
    for row, truth in enumerate(figures["classes"]):
        for column, predicted in enumerate(figures["classes"]):
            cell = cells.get((names.index(truth), names.index(predicted)), 0)
            assert cell == figures["confusion"][row][column]
    assert blocks["component-0"] == 2 * figures["rows"]
