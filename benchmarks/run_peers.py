"""Pomona beside what people run today, end to end on the same photos. See README.md for what each row does.

    python benchmarks/run_peers.py [--photos DIR] [--limit 2000] [--repeats 3] [--only NAME ...]

Writes OUT/peers.json, peers.md and peers.svg (OUT: build/bench; peers: --name) and prints the table.
"""

import argparse
import os
import shlex
import shutil
import sys
from pathlib import Path

import environments
import machine
import photos as photos_module
import report
from harness import Case, run_cases

ROOT = Path(__file__).resolve().parent.parent
DEFAULTS = "Defaults: each as its users run it"
EQUAL = "Equal network: EfficientNet-Lite0, f32, 224 px, 100 components"
GROUPS = {"defaults": DEFAULTS, "equal": EQUAL}
BASELINE = "PySpark notebook"


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=Path, help="folder of <label>/<photo>.jpg; default: photos.py")
    parser.add_argument("--limit", type=int, default=0, help="N photos, spread evenly over all; 0: all")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=[], help="rows whose name contains one of these")
    parser.add_argument("--group", choices=list(GROUPS), help="only these rows")
    parser.add_argument("--name", default="peers", help="of the files in OUT")
    parser.add_argument("--timeout", type=float, default=1800, help="seconds that one run may take")
    parser.add_argument(
        "--pomona", default=str(ROOT / ".venv/bin/pomona"), help="the program, with leading arguments"
    )
    parser.add_argument("--lite0", type=Path, default=None, help="Pomona's efficientnet-lite0.xml")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--environments", type=Path, default=ROOT / "build/peers")
    parser.add_argument("--out", type=Path, default=ROOT / "build/bench")
    return parser.parse_args()


class Cases:
    """Makes the rows; each knows its environment's Python, which is built when the row is asked for."""

    def __init__(self, args, photos, count, networks):
        self.args, self.photos, self.count, self.networks = args, photos, count, networks
        self.made = []

    def wanted(self, name, group):
        if self.args.group and group != GROUPS[self.args.group]:
            return False
        return not self.args.only or any(part.lower() in name.lower() for part in self.args.only)

    def peer(self, name, group, script, environment=None, network=None, note="", **flags):
        if not self.wanted(name, group):
            return
        if script.startswith("notebook") and shutil.which("java") is None:
            print(f"{name}: Spark needs Java; apt-get install openjdk-17-jre-headless")
            return
        python = environments.ensure(environment or script, self.args.environments)
        command = [
            str(python),
            str(environments.PEERS / f"{script}.py"),
            "--photos",
            str(self.photos),
            "--out",
            "{out}",
        ]
        command += ["--cores", str(self.args.threads)]
        command += ["--network", str(self.networks / network)] if network else []
        for flag, value in flags.items():
            command += [f"--{flag}", str(value)]
        settings = {
            "RAY_USAGE_STATS_ENABLED": "0",
            "DAFT_ANALYTICS_ENABLED": "0",
            "TF_CPP_MIN_LOG_LEVEL": "2",
        }
        self.made.append(Case(name, command, group, self.count, settings, note, timeout=self.args.timeout))

    def pomona(self, name, group, *flags, note=""):
        program = shlex.split(self.args.pomona)
        if not self.wanted(name, group):
            return
        if shutil.which(program[0]) is None:
            print(f"{name}: {program[0]} is not there; run `make setup`, or name it with --pomona")
            return
        command = [
            *program,
            "run",
            str(self.photos),
            "{out}",
            "--threads",
            str(self.args.threads),
            "--quiet",
            "--json",
        ]
        self.made.append(Case(name, [*command, *flags], group, self.count, note=note))


def make_cases(args, photos, count, networks):
    cases = Cases(args, photos, count, networks)
    mobile = "MobileNetV2, f32, 224 px"
    # What the peers do, and no more: no classifier, no report.
    bare = ("--no-train", "--no-report")
    cases.pomona("Pomona", DEFAULTS, *bare, note="EfficientNet-Lite0, INT8, 224 px")
    cases.pomona("Pomona, 128 px", DEFAULTS, "--size", "128", *bare, note="EfficientNet-Lite0, INT8")
    cases.pomona(
        "Pomona, with classifier and report", DEFAULTS, note="the same as Pomona, and all that no peer does"
    )
    cases.peer(BASELINE, DEFAULTS, "notebook", note=mobile)
    cases.peer("PySpark notebook, tuned", DEFAULTS, "notebook_tuned", "notebook", "mobilenet_v2.npz", mobile)
    cases.peer("Ray Data + OpenVINO", DEFAULTS, "ray_data", None, "mobilenet_v2.xml", mobile)
    cases.peer("Daft + OpenVINO", DEFAULTS, "daft_openvino", None, "mobilenet_v2.xml", mobile)
    cases.peer("Python + OpenVINO", DEFAULTS, "openvino_script", None, "mobilenet_v2.xml", mobile)
    cases.peer(
        "Python + OpenVINO, bf16",
        DEFAULTS,
        "openvino_script",
        None,
        "mobilenet_v2.xml",
        "MobileNetV2, bf16: what OpenVINO chooses where the processor has it",
        precision="bf16",
    )
    cases.peer("Python + ONNX Runtime", DEFAULTS, "onnxruntime_script", None, "mobilenet_v2.onnx", mobile)

    cases.pomona("Pomona, f32", EQUAL, "--precision", "f32", "--components", "100", *bare)
    cases.peer("PySpark tuned, Keras", EQUAL, "notebook_tuned", "notebook", "lite0.npz")
    cases.peer("Ray Data + OpenVINO, Lite0", EQUAL, "ray_data", None, "lite0.xml")
    cases.peer("Daft + OpenVINO, Lite0", EQUAL, "daft_openvino", None, "lite0.xml")
    cases.peer("Python + OpenVINO, Lite0", EQUAL, "openvino_script", None, "lite0.xml")
    cases.peer("Python + ONNX Runtime, Lite0", EQUAL, "onnxruntime_script", None, "lite0.onnx")
    return cases.made


def main():
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    source = args.photos or photos_module.default_folder(ROOT)
    photos, count = photos_module.choose(source, args.limit, args.out)
    networks = environments.ensure_networks(args.environments, environments.find_lite0(ROOT, args.lite0))
    cases = make_cases(args, photos, count, networks)
    if not cases:
        sys.exit("[run_peers] no row is left to run: check --only and --pomona")
    host = machine.describe()
    photos_module.warm_page_cache(photos)
    results = run_cases(cases, args.repeats, args.out / "work")

    table = report.markdown(results, BASELINE)
    subtitle = (
        f"{count:,} photos end to end, {args.threads} cores of {host['processor']}; medians of {args.repeats}"
    )
    report.write_json(
        args.out / f"{args.name}.json", results, host, {"photos": count, "repeats": args.repeats}
    )
    (args.out / f"{args.name}.md").write_text(f"{subtitle}\n\n{table}")
    (args.out / f"{args.name}.svg").write_text(
        report.svg(results, "Photos per second, and peak memory", subtitle)
    )
    print(f"\n{subtitle}\n\n{table}\n{args.out}/{args.name}.json, .md and .svg")
    sys.exit(1 if any(result.failure for result in results) else 0)


if __name__ == "__main__":
    main()
