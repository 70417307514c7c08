"""compare: a table of networks, sizes and precisions on the same photos and folds."""

import json

import pytest

from conftest import link_photos, pomona, sample

KEYS = {
    "network",
    "size",
    "precision",
    "accuracy",
    "accuracy_interval",
    "log_loss",
    "photos_per_second",
    "photos_per_euro",
    "loss",
    "loss_error",
    "dominated",
    "recommended",
    "dataset",
}


@pytest.fixture(scope="module")
def shop(grocery, tmp_path_factory):
    """A run with a classifier over some photos taken in shops."""
    folder = tmp_path_factory.mktemp("compare")
    photos = [p for p in sample(grocery / "train", 500) if p.parent.name[0] in "ABPn"]
    source = link_photos(photos, grocery / "train", folder / "source")
    pomona("run", source, folder / "out", "--shard-size", 64, "--no-report", "--quiet")
    return folder


def compared(out, *flags) -> dict:
    return pomona("compare", out, *flags, "--quiet", "--json").json


FLAGS = ["--sizes", "64,224", "--precisions", "int8", "--threads", "2", "--price-per-hour", "0.5"]


@pytest.fixture(scope="module")
def result(shop):
    return compared(shop / "out", *FLAGS)


def test_every_combination_is_judged_by_the_same_photos(shop, result):
    assert [(c["network"], c["size"], c["precision"]) for c in result["candidates"]] == [
        ("efficientnet-lite0", 64, "int8"),
        ("efficientnet-lite0", 224, "int8"),
    ]
    for candidate in result["candidates"]:
        assert candidate.keys() == KEYS
        low, high = candidate["accuracy_interval"]
        assert low < candidate["accuracy"] < high
        assert candidate["photos_per_euro"] == pytest.approx(candidate["photos_per_second"] * 3600 / 0.5)
    right = [
        json.loads(
            (shop / "out" / "compare" / f"efficientnet-lite0-{size}-int8" / "compare.json").read_text()
        )
        for size in (64, 224)
    ]
    assert right[0]["keys"] == right[1]["keys"]
    assert len(right[0]["keys"]) == result["photos"]
    lost = sum(b == "1" for b in right[1]["right"]) - sum(a == "1" for a in right[0]["right"])
    assert result["candidates"][0]["loss"] == pytest.approx(lost / result["photos"])


def test_the_datasets_own_network_has_the_accuracy_of_its_training(shop, result):
    trained = json.loads((shop / "out" / "run.json").read_text())["classifier"]
    own = result["candidates"][1]
    assert own["accuracy"] == pytest.approx(trained["accuracy"], abs=1e-12)
    assert own["log_loss"] == pytest.approx(trained["log_loss"], abs=1e-12)
    assert (result["photos"], result["groups"]) == (trained["photos"], trained["groups"])


def test_a_smaller_picture_is_faster_and_less_accurate(result):
    small, large = result["candidates"]
    assert small["photos_per_second"] > 2 * large["photos_per_second"]
    assert small["accuracy"] < large["accuracy"]
    assert result["best"] == result["recommended"] == 1
    assert large["recommended"]
    assert not large["dominated"]


def test_what_is_there_is_used_again_and_what_is_new_is_added(shop, result):
    dataset = shop / "out" / "compare" / "efficientnet-lite0-64-int8"
    parts = {p: p.stat().st_mtime_ns for p in [*dataset.glob("features/*"), dataset / "compare.json"]}
    again = compared(shop / "out", *FLAGS, "--precisions", "int8,f32", "--sizes", "64")
    assert again["candidates"][0] == {
        **result["candidates"][0],
        **{key: again["candidates"][0][key] for key in ("loss", "loss_error", "dominated", "recommended")},
    }
    assert {p: p.stat().st_mtime_ns for p in parts} == parts
    assert again["candidates"][1]["precision"] == "f32"


def test_the_table_says_what_to_take(shop, result):
    text = pomona("compare", shop / "out", *FLAGS, "--quiet").stdout
    assert "recommended: efficientnet-lite0, 224 px, int8" in text
    assert text.splitlines()[0].split()[0] == "network"
    assert len(text.splitlines()) == 5


def test_wrong_values_are_answered_in_words(shop, tmp_path):
    for flags, words in (
        (["--sizes", "12"], "--sizes"),
        (["--precisions", "int4"], "int8"),
        (["--price-per-hour", "-1"], "--price-per-hour"),
        (["--networks", ","], "--networks"),
    ):
        refused = pomona("compare", shop / "out", *flags, check=False)
        assert refused.status == 2
        assert words in refused.stderr
    refused = pomona("compare", tmp_path, check=False)
    assert refused.status == 1
    assert "no dataset" in refused.stderr
