"""train, classify and evaluate as a user calls them, with scikit-learn as the oracle for every figure."""

import json
import shutil
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, f1_score, log_loss, precision_recall_fscore_support, roc_auc_score

from conftest import assert_same_results, link_photos, pomona, sample

ISSUE_KEYS = {"photos", "rows", "rejects", "accuracy", "macro_f1", "ece", "novelty", "per_class"}


@pytest.fixture(scope="module")
def shop(grocery, tmp_path_factory):
    """A run over photos taken in shops, with things that are no fruit among them."""
    out = tmp_path_factory.mktemp("shop") / "out"
    pomona("run", grocery / "train", out, "--quiet")
    return out


def answers(bundle, *photos, top=100) -> dict[str, dict]:
    listed = pomona("classify", bundle, *photos, "--top", top, "--json").json["photos"]
    return {photo["path"]: photo for photo in listed}


def evaluation(bundle, source) -> dict:
    return pomona("evaluate", bundle, source, "--mistakes", 1000, "--quiet", "--json").json


def test_studio_photos_are_told_apart(studio, fruits):
    out, _ = studio
    result = evaluation(out / "bundle", fruits / "Test")
    assert result.keys() >= ISSUE_KEYS
    assert result["photos"] == result["rows"] == 5195
    assert result["accuracy"] >= 0.98
    assert result["novelty"]["auroc"] is None  # there is no unknown class here


def test_shop_photos_are_told_apart_and_cartons_are_not_fruit(shop, grocery):
    result = evaluation(shop / "bundle", grocery / "val")
    assert result["known"] == 196
    low, high = result["accuracy_interval"]
    assert high >= 0.81, "so few photos that only the interval can be held to a figure"
    assert result["accuracy"] >= 0.8
    assert low < result["accuracy"] < high
    assert result["novelty"]["auroc"] >= 0.985
    assert result["novelty"]["false_rejection"] <= 0.06
    assert result["novelty"]["true_rejection"] >= 0.9


def test_the_figures_are_those_of_scikit_learn(shop, grocery):
    result = evaluation(shop / "bundle", grocery / "val")
    classes = result["classes"]
    found = answers(shop / "bundle", grocery / "val")
    table = pd.DataFrame(
        {
            "label": path.split("/")[-2],
            "predicted": photo["label"],
            "probability": photo["probability"],
            "novelty": photo["novelty"],
            "verdict": photo["verdict"],
            "ranking": photo["ranking"],
        }
        for path, photo in found.items()
    )
    known = table[table["label"] != "not-fruit"]
    unknown = table["label"] == "not-fruit"
    label, predicted = known["label"], known["predicted"]
    occurring = sorted(set(label) | set(predicted))
    assert result["accuracy"] == pytest.approx(accuracy_score(label, predicted), abs=1e-12)
    expected = f1_score(label, predicted, average="macro", labels=occurring, zero_division=0)
    assert result["macro_f1"] == pytest.approx(expected, abs=1e-12)
    precision, recall, _, support = precision_recall_fscore_support(
        label, predicted, labels=classes, zero_division=0
    )
    for index, name in enumerate(classes):
        figures = result["per_class"][name]
        assert figures["precision"] == pytest.approx(precision[index], abs=1e-12)
        assert figures["recall"] == pytest.approx(recall[index], abs=1e-12)
        assert figures["support"] == support[index]
    probabilities = [
        [{r["label"]: r["probability"] for r in ranking}[c] for c in classes] for ranking in known["ranking"]
    ]
    assert result["log_loss"] == pytest.approx(log_loss(label, probabilities, labels=classes), abs=1e-9)
    assert result["ece"] == pytest.approx(ece(known), abs=1e-12)
    assert result["novelty"]["auroc"] == pytest.approx(roc_auc_score(unknown, table["novelty"]), abs=1e-12)
    assert result["novelty"]["false_rejection"] == pytest.approx((known["verdict"] == "not-a-fruit").mean())
    assert result["novelty"]["true_rejection"] == pytest.approx(
        (table[unknown]["verdict"] == "not-a-fruit").mean()
    )
    wrong = {path for path in found if path.split("/")[-2] not in ("not-fruit", found[path]["label"])}
    assert {str(grocery / "val" / mistake["path"]) for mistake in result["mistakes"]} == wrong
    assert sum(map(sum, result["confusion"])) == len(known)


def ece(known: pd.DataFrame, bins: int = 15) -> float:
    right = (known["label"] == known["predicted"]).to_numpy()
    confidence = known["probability"].to_numpy()
    edges = np.linspace(0, 1, bins + 1)
    total = 0.0
    for low, high in pairwise(edges):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return total


def test_classify_gives_what_the_batch_gave_to_the_last_bit(shop, grocery):
    table = pd.read_parquet(shop / "predictions")
    assert list(table.columns) == ["path", "label", "predicted", "probability", "novelty"]
    assert len(table) == 2640
    assert set(table["predicted"]) <= set(
        json.loads((shop / "bundle" / "bundle.json").read_text())["classes"]
    )
    rows = table.set_index("path").loc[sorted(table["path"])[::40]]
    found = answers(shop / "bundle", *(grocery / "train" / path for path in rows.index), top=1)
    assert len(found) == len(rows) > 60
    for path, row in rows.iterrows():
        photo = found[str(grocery / "train" / path)]
        assert (photo["label"], photo["probability"], photo["novelty"]) == (
            row["predicted"],
            row["probability"],
            row["novelty"],
        )


def test_stdin_folder_and_file_agree(shop, grocery, tmp_path):
    photo = sorted((grocery / "val" / "Kiwi").iterdir())[0]
    with photo.open("rb") as stream:
        piped = pomona("classify", shop / "bundle", "-", "--json", stdin=stream).json["photos"][0]
    alone = answers(shop / "bundle", photo, top=3)[str(photo)]
    assert {**piped, "path": None} == {**alone, "path": None}
    shutil.copy(photo, tmp_path / photo.name)
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    listed = answers(shop / "bundle", tmp_path)
    assert listed[str(tmp_path / photo.name)]["probability"] == alone["probability"]
    assert listed[str(tmp_path / "broken.jpg")]["reject"]["reason"] in ("corrupt", "truncated")


def test_threads_stages_and_resuming_leave_no_trace_in_the_classifier(fruits, tmp_path):
    source = link_photos(sample(fruits / "Training", 600), fruits, tmp_path / "source")
    pomona("run", source, tmp_path / "one", "--shard-size", 64, "--threads", 1, "--quiet")
    pomona("run", source, tmp_path / "two", "--shard-size", 64, "--threads", 2, "--quiet")
    assert_same_results(tmp_path / "one", tmp_path / "two")
    assert len(list((tmp_path / "one").glob("predictions/*.parquet"))) == 16
    # A run that was stopped before the training, and stages alone.
    pomona("run", source, tmp_path / "stages", "--shard-size", 64, "--no-train", "--quiet")
    assert not list((tmp_path / "stages").glob("predictions/*.parquet"))
    pomona("train", tmp_path / "stages", "--quiet")
    assert_same_results(tmp_path / "one", tmp_path / "stages")


def test_a_run_without_training_leaves_a_bundle_that_still_reduces(fruits, tmp_path):
    source = link_photos(sample(fruits / "Training", 200), fruits, tmp_path / "source")
    pomona("run", source, tmp_path / "out", "--no-train", "--quiet")
    bundle = json.loads((tmp_path / "out" / "bundle" / "bundle.json").read_text())
    assert "classifier" not in bundle
    assert len(pd.read_parquet(tmp_path / "out" / "reduced")) == 200
    refused = pomona("classify", tmp_path / "out" / "bundle", sample(source, 1)[0], check=False)
    assert refused.status == 1
    assert "pomona train" in refused.stderr
    # The same command with training adds the classifier, and infers nothing again.
    again = pomona("run", source, tmp_path / "out", "--quiet", "--json").json
    assert again["extracted"] == 0
    assert again["classifier"]["photos"] > 0


def test_one_label_is_no_classifier_but_no_failure_either(fruits, tmp_path):
    source = link_photos(sample(fruits / "Training" / "Kiwi", 30), fruits, tmp_path / "source")
    summary = pomona("run", source, tmp_path / "out", "--quiet", "--json").json
    assert summary["classifier"] is None
    refused = pomona("train", tmp_path / "out", "--quiet", check=False)
    assert refused.status == 1
    assert "needs two" in refused.stderr


def test_unknown_photos_shape_nothing(grocery, tmp_path):
    photos = sample(grocery / "val", 296)
    fruit = [photo for photo in photos if photo.parent.name != "not-fruit"]
    for name, chosen in (("with", photos), ("without", fruit)):
        source = link_photos(chosen, grocery, tmp_path / f"{name}-source")
        # One shard, so that the moments are added in one order.
        pomona("run", source, tmp_path / name, "--shard-size", 4096, "--quiet")
    parameters = [
        (tmp_path / name / "bundle" / "parameters.safetensors").read_bytes() for name in ("with", "without")
    ]
    assert parameters[0] == parameters[1]
    run = json.loads((tmp_path / "with" / "run.json").read_text())
    assert run["classifier"]["unknown"]["photos"] == 100
    assert "not-fruit" in run["labels"]


def test_views_are_made_once_and_are_the_same_for_any_threads(grocery, tmp_path):
    photos = [photo for photo in sample(grocery / "train", 300, seed=2) if photo.parent.name != "not-fruit"]
    source = link_photos(photos, grocery, tmp_path / "source")
    settings = ["--augment", 2, "--shard-size", 64, "--quiet"]
    pomona("run", source, tmp_path / "one", *settings, "--threads", 1)
    pomona("run", source, tmp_path / "two", *settings, "--threads", 2)
    parts = sorted((tmp_path / "one").glob("augmented/*.parquet"))
    assert [part.read_bytes() for part in parts] == [
        part.read_bytes() for part in sorted((tmp_path / "two").glob("augmented/*.parquet"))
    ]
    assert_same_results(tmp_path / "one", tmp_path / "two")
    views = pd.concat(pd.read_parquet(part) for part in parts)
    assert list(views.columns) == ["path", "label", "view", "features"]
    assert len(views) == 2 * len(photos)
    # Training alone learns from the views that are there.
    before = {part: part.stat().st_mtime_ns for part in parts}
    pomona("train", tmp_path / "one", "--quiet")
    assert_same_results(tmp_path / "one", tmp_path / "two")
    assert {part: part.stat().st_mtime_ns for part in parts} == before


def test_views_help_on_shop_photos(shop, grocery, tmp_path):
    shutil.copytree(shop, tmp_path / "out")
    plain = json.loads((shop / "run.json").read_text())["classifier"]
    pomona("run", grocery / "train", tmp_path / "out", "--augment", 4, "--quiet")
    augmented = json.loads((tmp_path / "out" / "run.json").read_text())["classifier"]
    assert augmented["photos"] == plain["photos"]  # photos are judged, not their views
    assert augmented["accuracy"] > plain["accuracy"]
    assert augmented["log_loss"] < plain["log_loss"]


@pytest.fixture(scope="module")
def neighbours(shop, tmp_path_factory):
    """The shop's dataset with nearest neighbours for its classifier."""
    out = tmp_path_factory.mktemp("neighbours") / "out"
    shutil.copytree(shop, out)
    pomona("train", out, "--classifier", "knn", "--quiet")
    return out


def test_neighbours_answer_as_in_the_batch_to_the_last_bit(neighbours, grocery):
    block = json.loads((neighbours / "bundle" / "bundle.json").read_text())["classifier"]
    assert (block["kind"], block["version"]) == ("nearest-neighbours", 2)
    assert block["cross_validation"]["neighbours"] in (5, 10, 20, 50, 100)
    rows = pd.read_parquet(neighbours / "predictions").set_index("path").sort_index().iloc[::100]
    found = answers(neighbours / "bundle", *(grocery / "train" / path for path in rows.index), top=1)
    for path, row in rows.iterrows():
        photo = found[str(grocery / "train" / path)]
        assert (photo["label"], photo["probability"], photo["novelty"]) == (
            row["predicted"],
            row["probability"],
            row["novelty"],
        )
    one, two = (
        pomona("classify", neighbours / "bundle", grocery / "val" / "Kiwi", "--threads", n, "--json").stdout
        for n in (1, 2)
    )
    assert one == two


def test_neighbours_know_what_is_no_fruit(neighbours, grocery):
    result = evaluation(neighbours / "bundle", grocery / "val")
    assert result["accuracy"] >= 0.5  # of 33 kinds; the regression is better
    assert result["novelty"]["auroc"] >= 0.95
    assert result["novelty"]["false_rejection"] <= 0.1
    assert result["ece"] <= 0.15


def test_going_back_to_the_regression_leaves_no_trace_of_the_neighbours(shop, neighbours, tmp_path):
    shutil.copytree(neighbours, tmp_path / "out")
    pomona("train", tmp_path / "out", "--quiet")
    assert_same_results(shop, tmp_path / "out")


def test_backgrounds_are_another_kind_of_view(fruits, tmp_path):
    source = link_photos(sample(fruits / "Training", 60), fruits, tmp_path / "source")
    out = tmp_path / "out"
    pomona("run", source, out, "--augment", 2, "--no-report", "--quiet")
    plain = pd.read_parquet(next(out.glob("augmented/*.parquet")))
    pomona("run", source, out, "--augment", 2, "--augment-background", "--no-report", "--quiet")
    other = pd.read_parquet(next(out.glob("augmented/*.parquet")))
    assert list(plain["path"]) == list(other["path"])
    different = [not np.array_equal(a, b) for a, b in zip(plain["features"], other["features"], strict=True)]
    assert np.mean(different) > 0.7  # most of these photos are cut out before white; a few touch its edge
    assert json.loads((out / "run.json").read_text())["settings"]["train"]["augment-background"]
    # The same photos again, with one thread: the same bytes, and nothing is made twice.
    part = next(out.glob("augmented/*.parquet"))
    before = part.read_bytes()
    pomona("train", out, "--quiet")
    assert json.loads((out / "run.json").read_text())["settings"]["train"]["augment-background"]
    pomona("run", source, tmp_path / "one", "--augment", 2, "--augment-background", "--threads", 1, "--quiet")
    assert next((tmp_path / "one").glob("augmented/*.parquet")).read_bytes() == before


def test_a_new_class_joins_as_if_it_had_always_been_there(grocery, tmp_path):
    names = ("Kiwi", "Lemon", "Orange")
    old = [p for name in names[:2] for p in sorted((grocery / "train" / name).iterdir())]
    source = link_photos(old, grocery, tmp_path / "source")
    settings = ["--shard-size", 16, "--no-report", "--quiet", "--json"]
    pomona("run", source, tmp_path / "out", *settings)
    new = sorted((grocery / "train" / "Orange").iterdir())
    link_photos(new, grocery, source)
    grown = pomona("run", source, tmp_path / "out", *settings).json
    assert grown["classes"] == 3
    pomona("run", source, tmp_path / "fresh", *settings)
    assert_same_results(tmp_path / "out", tmp_path / "fresh")


def test_a_damaged_classifier_is_refused(shop, grocery, tmp_path):
    shutil.copytree(shop / "bundle", tmp_path / "bundle")
    part = tmp_path / "bundle" / "parameters.safetensors"
    content = bytearray(part.read_bytes())
    content[-8] ^= 1
    part.write_bytes(bytes(content))
    refused = pomona("classify", tmp_path / "bundle", sample(grocery / "val", 1)[0], check=False)
    assert refused.status == 1
    assert "parameters.safetensors" in refused.stderr
