"""One virtual environment a peer, built once from its pinned requirements and kept until these change."""

import hashlib
import subprocess
import sys
from pathlib import Path

PEERS = Path(__file__).resolve().parent / "peers"


def requirements_of(name):
    return PEERS / "requirements" / f"{name}.txt"


def ensure(name, root, log=print):
    """The Python of the environment `root`/`name`; builds it where it is missing, or its requirements have
    changed."""
    folder = root / name
    python, stamp = folder / "bin" / "python", folder / "requirements.sha256"
    wanted = hashlib.sha256(requirements_of(name).read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    log(f"environment {name}: installing into {folder}")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", str(requirements_of(name))], check=True)
    stamp.write_text(wanted)
    return python


def find_lite0(root, given=None):
    """Pomona's efficientnet-lite0.xml: the one that is named, else the built or installed one of the checkout."""
    if given:
        candidates = [given]
    else:
        candidates = sorted(root.glob("build/*/networks/efficientnet-lite0.xml"))
        candidates += sorted(root.glob(".venv/lib/python3*/site-packages/pomona/**/efficientnet-lite0.xml"))
    for path in candidates:
        if path.exists():
            return path
    sys.exit("[benchmarks] efficientnet-lite0.xml: not found\n  run `make setup`, or name it with --lite0")


def ensure_networks(root, lite0, log=print):
    """The folder with the peers' networks (peers/networks.py), made where one is missing or older than its
    source."""
    folder = root / "networks"
    made = folder / "lite0.npz"
    newest = max(path.stat().st_mtime for path in (PEERS / "networks.py", lite0, lite0.with_suffix(".bin")))
    if made.exists() and made.stat().st_mtime > newest:
        return folder
    log(f"networks: writing {folder}")
    python = ensure("openvino_script", root, log)
    subprocess.run([str(python), str(PEERS / "networks.py"), str(folder), "--lite0", str(lite0)], check=True)
    return folder
