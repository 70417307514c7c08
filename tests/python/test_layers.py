"""The layers of src/: each includes only from those that src/CMakeLists.txt gives it, all of them above it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src"

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.MULTILINE)
LAYER = re.compile(
    r"^pomona_layer\((\w+)\s*(?:LAYERS\s+([\w\s]*?))?\s*(?:LIBRARIES\s+[^)]*)?\)", re.MULTILINE
)

# Other people's libraries, and the layers that may know them.
THIRD_PARTY = {
    "openvino/": {"network"},
    "arrow/": {"table", "storage"},
    "curl/": {"storage"},
    "pugixml.hpp": {"storage"},
    "parquet/": {"table"},
    "CLI/": {"cli"},
    "toml++/": {"cli"},
    "jpeglib.h": {"image", "samples"},
    "turbojpeg.h": {"image"},
    "png.h": {"image"},
    "webp/": {"image"},
    "hwy/": {"image", "stats"},
    "cblas.h": {"stats", "classify"},
    "lapacke.h": {"stats", "classify"},
    "openssl/": {"base"},
    "xxhash.h": {"base"},
}


def declared_layers() -> dict[str, list[str]]:
    text = (SOURCES / "CMakeLists.txt").read_text()
    return {name: below.split() for name, below in LAYER.findall(text)}


LAYERS = declared_layers()


def includes(folder: Path) -> list[tuple[Path, int, str, str]]:
    """File, line, kind of quote and name of each include below a folder."""
    found = []
    for path in sorted([*folder.rglob("*.h"), *folder.rglob("*.cpp")]):
        text = path.read_text()
        for match in INCLUDE.finditer(text):
            found.append((path.relative_to(ROOT), text[: match.start()].count("\n") + 1, *match.groups()))
    return found


def wrong(folder: Path, may_include: set[str]) -> list[str]:
    """Includes of layers that a folder may not know."""
    return [
        f"{path}:{line}: includes {name}"
        for path, line, _, name in includes(folder)
        if (layer := name.partition("/")[0]) in LAYERS and "/" in name and layer not in may_include
    ]


def test_every_folder_is_a_layer_and_every_layer_is_declared_in_order():
    assert {"base", "storage", "job", "cli"} <= LAYERS.keys()
    folders = {path.name for path in SOURCES.iterdir() if path.is_dir()}
    assert folders <= LAYERS.keys(), "a folder of src/ is no layer of src/CMakeLists.txt"
    order = list(LAYERS)
    for layer, below in LAYERS.items():
        for other in below:
            assert other in order[: order.index(layer)], f"{layer} may not know {other}: it is not above it"


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_includes_only_from_those_above_it(layer):
    offences = wrong(SOURCES / layer, {layer, *LAYERS[layer]})
    assert not offences, "\n".join(offences)


def test_the_public_headers_include_no_layer():
    offences = wrong(ROOT / "include", set())
    assert not offences, "\n".join(offences)


def test_the_bindings_do_not_know_the_command_line():
    # But for the program as a whole, for the engines that live in Python: docs/decisions/spark.md.
    offences = [
        offence
        for offence in wrong(ROOT / "python", LAYERS.keys() - {"cli"})
        if not (offence.startswith("python/bindings/engine.cpp:") and offence.endswith(" cli/program.h"))
    ]
    assert not offences, "\n".join(offences)


def test_a_library_is_known_to_its_layer_alone():
    offences = [
        f"{path}:{line}: includes {name}"
        for path, line, _, name in includes(SOURCES)
        for prefix, layers in THIRD_PARTY.items()
        if name.startswith(prefix) and path.parts[1] not in layers
    ]
    assert not offences, "\n".join(offences)


def test_a_header_includes_its_own_kind_of_header_with_the_right_quotes():
    offences = [
        f"{path}:{line}: includes {name}"
        for path, line, quote, name in includes(SOURCES)
        if (quote == '"') != (name.partition("/")[0] in LAYERS or name.startswith("pomona/"))
        and "generated" not in name
    ]
    assert not offences, "\n".join(offences)


def test_a_wrong_include_is_found(tmp_path, monkeypatch):
    folder = tmp_path / "base"
    folder.mkdir()
    (folder / "wrong.h").write_text('#pragma once\n#include "job/plan.h"\n')
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    assert wrong(folder, {"base"}) == ["base/wrong.h:2: includes job/plan.h"]


def test_no_two_types_have_one_name():
    """C++ has one namespace here: two types of one name, in two headers, are undefined behaviour that links."""
    places: dict[str, list[str]] = {}
    for header in sorted(SOURCES.rglob("*.h")):
        for line in header.read_text().splitlines():
            if match := re.match(r"(?:struct|class|enum class) (\w+)(?: final)?(?: :.*)? \{", line):
                places.setdefault(match[1], []).append(str(header.relative_to(SOURCES)))
    assert len(places) > 100
    assert not {name: where for name, where in places.items() if len(where) > 1}
