"""What bounds the pipeline, and how near it comes: the steps alone, the pipeline beside them, growth.

    python benchmarks/run.py [--photos DIR] [--repeats 3] [--limit 4000] [--growth 1000 10000 100000]

Rounds of all rows, medians. Writes build/bench/limits.json and limits.md (growth.json and growth.md with --growth-only)
and prints the table. The steps are measured by build/release/bin/pomona_kernels on photos in memory, without their
start-up; the pipeline rows are whole processes, start-up included.
"""

import argparse
import os
import sys
from pathlib import Path
from statistics import median

import machine
import photos as photos_module
from harness import Case, run_cases
from report import write_json

ROOT = Path(__file__).resolve().parent.parent
SIZES = (224, 160, 128)
# Precision and size of the pipeline rows, with the share of the inference limit that they are held to.
PIPELINES = (("int8", 224), ("f32", 224), ("int8", 128))


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=Path, help="folder of photos; default: Fruits-360-33 Training")
    parser.add_argument("--limit", type=int, default=4000, help="photos of the pipeline rows; 0: all")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8, help="of each step")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--growth", type=int, nargs="*", default=[1000, 10_000, 100_000])
    parser.add_argument(
        "--growth-only", action="store_true", help="the growth rows and a classifier of 1,000,000 rows alone"
    )
    parser.add_argument("--pomona", type=Path, default=ROOT / ".venv/bin/pomona")
    parser.add_argument("--kernels", type=Path, default=ROOT / "build/release/bin/pomona_kernels")
    parser.add_argument("--out", type=Path, default=ROOT / "build/bench")
    return parser.parse_args()


def step(args, name, *flags):
    command = [str(args.kernels), *map(str, flags), "--seconds", str(args.seconds)]
    return Case(name, command, group="Steps alone")


def inference(args, precision, size):
    flags = ["--precision", precision, "--size", size, "--threads", args.threads]
    return step(args, f"infer {precision} {size}", "infer", *flags)


def preparation(args, photos, size):
    flags = ["--photos", photos, "--size", size, "--threads", args.threads]
    return step(args, f"hash, decode, resize to {size}", "prepare", *flags)


def training(args, rows):
    name = f"classifier of {rows:,} x 500, 33 classes"
    return step(args, name, "train", "--rows", rows, "--threads", args.threads)


def step_cases(args, photos):
    """The steps that no pipeline row is compared with."""
    cases = [
        inference(args, precision, size)
        for precision in ("int8", "bf16", "f32")
        for size in SIZES
        if (precision, size) not in PIPELINES
    ]
    cases += [preparation(args, photos, size) for size in (224, 128)]
    cases += [
        step(args, "Parquet part of 1,024 x 1,280", "parquet"),
        step(args, "moments, float32 products", "moments"),
        step(args, "moments, float64 products", "moments-exact"),
        step(args, "projection 1,280 to 500", "project"),
        step(args, "PCA of 1,280 x 1,280 (fits/s)", "pca"),
        training(args, 15_506),
    ]
    return cases


def pipeline_command(args, command, photos, precision, size, extras=False):
    flags = [
        "--precision",
        precision,
        "--size",
        str(size),
        "--threads",
        str(args.threads),
        "--quiet",
        "--json",
    ]
    bare = ["--no-report", "--no-train"] if command == "run" and not extras else []
    return [str(args.pomona), command, str(photos), "{out}", *flags, *bare]


def pipeline_cases(args, photos, count):
    group = "Pipeline, whole process"
    few, few_count = photos_module.choose(args.photos, 200, args.out)
    cases = [
        Case("200 photos, network cached", pipeline_command(args, "run", few, "int8", 224), group, few_count)
    ]
    for precision, size in PIPELINES:
        # Beside each other in every round: the speed of a shared machine wanders by 10 % within minutes.
        cases.append(inference(args, precision, size))
        for command in ("extract", "run"):
            words = pipeline_command(args, command, photos, precision, size)
            cases.append(Case(f"pomona {command} {precision} {size}", words, group, count))
    defaults = pipeline_command(args, "run", photos, "int8", 224, extras=True)
    return [*cases, Case("with classifier and report", defaults, group, count)]


def growth_cases(args):
    """Features, scaler and PCA of hard links to real photos, in folders of 1,000; a small input, so that what is not
    inference shows. The classifier has a row of its own: here its classes would grow with the folders."""
    cases = []
    for count in args.growth:
        folder = args.out / f"growth-{count}"
        photos_module.link_many(args.photos, folder, count)
        command = pipeline_command(args, "run", folder, "int8", 32)
        cases.append(Case(f"{count:,} inputs at 32 px", command, group="Growth", photos=count))
        planning = [str(args.pomona), "run", str(folder), "{out}", "--dry-run", "--json"]
        cases.append(Case(f"{count:,} inputs listed and planned", planning, group="Growth", photos=count))
    return cases


def rates(run):
    """Photos per second and per CPU-second: of the step's own loop, or of the whole process."""
    if "photos_per_cpu_second" in run.reported:
        return run.reported["photos_per_second"], run.reported["photos_per_cpu_second"]
    return run.photos / run.wall_seconds, run.photos / run.cpu_seconds


def table(results):
    found = {result.case.name: [rates(run) for run in result.runs] for result in results}
    lines = [
        "| | photos/s | photos/CPU-s | peak MB | first Parquet, s | of inference alone, per CPU-s | of inference + decode + resize |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for result in results:
        name = result.case.name
        if not result.runs:
            lines.append(f"| {name} | failed: {result.failure.splitlines()[0]} | | | | | |")
            continue
        per_second, per_cpu = (median(values) for values in zip(*found[name], strict=True))
        cells = [
            name,
            f"{per_second:,.0f}",
            f"{per_cpu:,.0f}",
            f"{result.median('peak_memory_bytes') / 1e6:,.0f}",
        ]
        first = result.median("first_parquet_seconds")
        cells.append(f"{first:.2f}" if first is not None else "")
        cells += shares(name, found)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def shares(name, found):
    """The pipeline's rate per CPU-second as a share of what it cannot be faster than: the median of the rounds."""
    if not name.startswith("pomona"):
        return ["", ""]
    _, _, precision, size = name.split()
    of_inference, of_kernels = [], []
    rounds = zip(
        found[name],
        found[f"infer {precision} {size}"],
        found[f"hash, decode, resize to {size}"],
        strict=False,
    )
    for (_, own), (_, inference_rate), (_, prepare_rate) in rounds:
        of_inference.append(own / inference_rate)
        of_kernels.append(own * (1 / inference_rate + 1 / prepare_rate))
    return [f"{median(of_inference):.1%}", f"{median(of_kernels):.1%}"]


def main():
    args = arguments()
    for program in (args.pomona, args.kernels):
        if not program.exists():
            sys.exit(f"[bench] {program}: not there\n  run `make bench`, which builds it")
    args.out.mkdir(parents=True, exist_ok=True)
    args.photos = (args.photos or photos_module.default_folder(ROOT)).resolve()
    photos, count = photos_module.choose(args.photos, args.limit, args.out)
    once = growth_cases(args)  # which take long where they are large
    if args.growth_only:
        cases, once, name = [], [*once, training(args, 1_000_000)], "growth"
    else:
        cases, name = step_cases(args, photos) + pipeline_cases(args, photos, count), "limits"
    results = run_cases(cases, args.repeats, args.out / "work") + run_cases(once, 1, args.out / "work")
    text = table(results)
    (args.out / f"{name}.md").write_text(text + "\n")
    write_json(args.out / f"{name}.json", results, machine.describe())
    print(text)
    sys.exit(any(result.failure for result in results))


if __name__ == "__main__":
    main()
