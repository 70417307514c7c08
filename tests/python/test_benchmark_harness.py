"""The benchmark harness measures what a command costs, with everything that it starts."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import report  # noqa: E402
from harness import Case, Result, Run, run_cases  # noqa: E402

# A child that leaves its parent's session, holds 200 MB and burns half a second of CPU; the parent does not
# wait for it, as a launcher of daemons would not.
ORPHAN = """
import pathlib, subprocess, sys, tempfile, time
burnt = pathlib.Path(tempfile.mkdtemp()) / "burnt"
child = "import pathlib, sys, time; held = bytearray(b'x' * 200_000_000); end = time.process_time() + 0.5\\n"
child += "while time.process_time() < end: pass\\n"
child += "time.sleep(0.5); pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"
subprocess.Popen(["setsid", sys.executable, "-c", child, burnt], start_new_session=True)
while not burnt.exists():
    time.sleep(0.05)
print('{"photos": 7}')
"""


def run_one(tmp_path, *command, **options):
    options = {"timeout": 120} | options
    (result,) = run_cases([Case("case", list(command), **options)], 1, tmp_path, log=lambda _: None)
    return result


def test_cpu_and_memory_of_orphans_count(tmp_path):
    result = run_one(tmp_path, sys.executable, "-c", ORPHAN)
    assert result.failure == ""
    (run,) = result.runs
    assert run.photos == 7
    assert run.wall_seconds < 60  # it does not wait for the orphan
    assert run.cpu_seconds > 0.5
    assert run.peak_memory_bytes > 200_000_000


def test_cpu_of_children_that_nobody_waits_for_counts(tmp_path):
    script = """
import signal, subprocess, sys, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
burn = "import time\\nwhile time.process_time() < 1.5: pass"
child = subprocess.Popen([sys.executable, "-c", burn])
child.wait()
"""
    run = run_one(tmp_path, sys.executable, "-c", script).runs[0]
    assert run.cpu_seconds > 0.8


def test_a_daemon_that_stays_is_stopped_and_counted(tmp_path):
    daemon = "import subprocess, sys; subprocess.Popen(['sleep', '600'], start_new_session=True)"
    result = run_one(tmp_path, sys.executable, "-c", daemon, timeout=60)
    assert result.failure == ""
    assert result.runs[0].wall_seconds < 10


def test_the_first_parquet_file_of_results_is_seen_and_no_temporary_or_listing(tmp_path):
    script = """
import pathlib, sys, time
out = pathlib.Path(sys.argv[1])
(out / "_temporary").mkdir(parents=True)
(out / "_temporary" / "part-0.parquet").write_bytes(b"PAR1")
(out / "plan").mkdir()
(out / "plan" / "part-0.parquet").write_bytes(b"PAR1")
time.sleep(1)
(out / "part-0.parquet").write_bytes(b"PAR1")
time.sleep(1)
"""
    run = run_one(tmp_path, sys.executable, "-c", script, "{out}").runs[0]
    assert 0.9 < run.first_parquet_seconds < 1.9


def test_a_failing_case_is_reported_and_leaves_the_others_alone(tmp_path):
    cases = [
        Case("bad", [sys.executable, "-c", "raise SystemExit('no such luck')"]),
        Case("good", [sys.executable, "-c", "print('{\"photos\": 1}')"]),
    ]
    bad, good = run_cases(cases, 2, tmp_path, log=lambda _: None)
    assert "no such luck" in bad.failure
    assert len(bad.runs) == 0
    assert len(good.runs) == 2


def test_a_command_without_end_is_stopped_with_what_it_started(tmp_path):
    pid_file = tmp_path / "pid"
    script = "import pathlib, subprocess, sys; child = subprocess.Popen(['sleep', '600']); "
    script += "pathlib.Path(sys.argv[1]).write_text(str(child.pid)); child.wait()"
    result = run_one(tmp_path, sys.executable, "-c", script, str(pid_file), timeout=5)
    assert "no end after 5 s" in result.failure
    assert not Path("/proc", pid_file.read_text()).exists()


def test_a_case_that_did_less_than_asked_is_no_result(tmp_path):
    result = run_one(tmp_path, sys.executable, "-c", "print('{\"photos\": 9}')", photos=10)
    assert "9 photos, not on 10" in result.failure


def results():
    quick, slow = Result(Case("Pomona", [], "Group")), Result(Case("Peer <1>", [], "Group"))
    for wall in (1.0, 5.0, 2.0):
        quick.runs.append(Run(wall, 2 * wall, 100_000_000, 1, 0.5, 100, {}))
        slow.runs.append(Run(10 * wall, 20 * wall, 900_000_000, 4, None, 100, {}))
    return [quick, slow]


def test_rates_come_from_medians():
    quick, slow = results()
    assert quick.photos_per_second == pytest.approx(50)
    assert slow.photos_per_cpu_second == pytest.approx(2.5)


def test_the_table_compares_with_the_baseline():
    table = report.markdown(results(), "Peer <1>")
    assert "| Pomona | 50 | 25 | 2.0 | 0.5 | 100 | 10.0 | 10.0 |" in table
    assert "| Peer <1> | 5 | 2 | 20.0 |  | 900 | 1.0 | 1.0 |" in table


def test_the_chart_is_well_formed_svg():
    from xml.etree import ElementTree

    root = ElementTree.fromstring(report.svg(results(), "Title & more", "subtitle"))
    assert len([node for node in root.iter() if node.tag.endswith("rect")]) == 2
