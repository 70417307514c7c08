"""What a figure was measured on."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def first_match(path, key):
    for line in Path(path).read_text().splitlines():
        if line.startswith(key):
            return line.split(":", 1)[1].strip()
    return "unknown"


def describe():
    flags = first_match("/proc/cpuinfo", "flags").split()
    wanted = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8", "amx_bf16")
    return {
        "processor": first_match("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "instructions": [flag for flag in wanted if flag in flags],
        "memory_gb": round(int(first_match("/proc/meminfo", "MemTotal").split()[0]) / 1e6, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        # Above 0 at the start: something else runs, and the figures are noisy.
        "load_at_start": os.getloadavg()[0],
    }
