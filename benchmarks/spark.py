"""The Spark engine beside the embedded one on the same photos: what Spark costs, and what its driver needs.

    python benchmarks/spark.py [--photos DIR] [--limit N] [--repeats 3] [--driver 1000 1000000]

A standalone cluster of two workers with one core each, started anew for every row. Start-up is measured with 200 photos
in two shards, so that both workers start, and taken off: (photos - 200) / (CPU seconds - those of 200 photos). It
varies by one or two CPU-seconds: with few photos that is all one sees. Writes build/bench/spark.json and spark.md and
prints the table. With --driver, the driver's memory at so many photos (hard links, 32 px) is measured besides.
"""

import argparse
import sys
from pathlib import Path
from statistics import median

import environments
import machine
import photos as photos_module
from harness import Case, run_cases
from report import write_json

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).resolve().parent
FEW = 200
VERSION = "3.5.6"
ENGINES = {"embedded": [], "Spark": ["--engine", "spark", "--master", "{master}"]}


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=Path, help="folder of photos; default: Fruits-360-33 Training")
    parser.add_argument("--limit", type=int, default=0, help="so many of them; 0: all")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--driver", type=int, nargs="*", default=[1000, 100_000])
    parser.add_argument("--pomona", type=Path, default=ROOT / ".venv/bin/pomona")
    parser.add_argument("--environments", type=Path, default=ROOT / "build/peers")
    parser.add_argument("--out", type=Path, default=ROOT / "build/bench")
    return parser.parse_args()


def pomona(args, engine, photos, *flags, peak=False):
    command = [str(args.pomona), "run", str(photos), "{out}", *ENGINES[engine], "--no-train", "--no-report"]
    command += ["--json", "--quiet", *flags]
    if engine == "embedded":
        return [*command, "--threads", "2"]
    memory = ["--conf", "spark.executor.memory=512m", "--conf", "spark.ui.enabled=false"]
    watch = ["--peak"] if peak else []
    return [sys.executable, str(HERE / "on_cluster.py"), *watch, VERSION, "--", *command, *memory]


def notebook(args, photos):
    python = environments.ensure("notebook", args.environments)
    networks = environments.ensure_networks(args.environments, environments.find_lite0(ROOT))
    script = environments.PEERS / "notebook_tuned.py"
    network = networks / "mobilenet_v2.npz"
    flags = ["--photos", photos, "--out", "{out}", "--network", network, "--cores", 2]
    return [str(word) for word in (python, script, *flags)]


def engine_cases(args, few, photos, count):
    cases = []
    for precision in ("int8", "f32"):
        for engine in ENGINES:
            for folder, number in ((few, FEW), (photos, count)):
                shards = ["--shard-size", str(FEW // 2)] if number == FEW else []
                command = pomona(args, engine, folder, "--precision", precision, *shards)
                cases.append(Case(f"{engine} {precision} {number}", command, "Engines", number))
    for folder, number in ((few, FEW), (photos, count)):
        cases.append(Case(f"notebook f32 {number}", notebook(args, folder), "Engines", number))
    return cases


def driver_cases(args):
    cases = []
    for number in args.driver:
        folder = args.out / f"growth-{number}"
        photos_module.link_many(args.photos, folder, number)
        command = pomona(args, "Spark", folder, "--size", "32", peak=True)
        cases.append(Case(f"driver {number}", command, "Driver's memory", number))
    return cases


def table(results, count):
    runs = {result.case.name: result.runs for result in results}
    lines = [
        "| | start-up, CPU-s | start-up, s | photos/CPU-s behind it | of embedded |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    rates = {}
    for name in ("embedded int8", "Spark int8", "embedded f32", "Spark f32", "notebook f32"):
        few, many = runs[f"{name} {FEW}"], runs[f"{name} {count}"]
        if not few or not many:
            lines.append(f"| {name} | failed | | | |")
            continue
        pairs = zip(few, many, strict=False)
        rates[name] = [(count - FEW) / (big.cpu_seconds - small.cpu_seconds) for small, big in pairs]
        cells = [median(run.cpu_seconds for run in few), median(run.wall_seconds for run in few)]
        beside = rates.get(f"embedded {name.split()[1]}", [])
        share = median(own / other for own, other in zip(rates[name], beside, strict=False))
        lines.append(
            f"| {name} | {cells[0]:.1f} | {cells[1]:.1f} | {median(rates[name]):,.0f} | {share:.1%} |"
        )
    lines += ["", "| photos | the driver's peak, MB |", "| ---: | ---: |"]
    for result in results:
        if result.case.group != "Driver's memory" or not result.runs:
            continue
        peak = median(run.reported["driver_peak_bytes"] for run in result.runs)
        lines.append(f"| {result.case.photos:,} | {peak / 1e6:,.0f} |")
    return "\n".join(lines)


def main():
    args = arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    args.photos = (args.photos or photos_module.default_folder(ROOT)).resolve()
    photos, count = photos_module.choose(args.photos, args.limit, args.out)
    few, _ = photos_module.choose(args.photos, FEW, args.out)
    photos_module.warm_page_cache(photos)
    results = run_cases(engine_cases(args, few, photos, count), args.repeats, args.out / "work")
    results += run_cases(driver_cases(args), 1, args.out / "work")
    text = table(results, count)
    (args.out / "spark.md").write_text(text + "\n")
    write_json(args.out / "spark.json", results, machine.describe())
    print(text)
    sys.exit(any(result.failure for result in results))


if __name__ == "__main__":
    main()
