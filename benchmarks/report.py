"""Results as a Markdown table, a JSON record and an SVG chart."""

import json
from html import escape


def megabytes(count):
    return f"{count / 1e6:,.0f}"


def row_cells(result, baseline):
    case = result.case
    if not result.runs:
        reason = result.failure.splitlines()[0] if result.failure else "not run"
        return [case.name, f"failed: {reason}"] + [""] * (6 if baseline else 4)
    first = result.median("first_parquet_seconds")
    cells = [
        case.name,
        f"{result.photos_per_second:,.0f}",
        f"{result.photos_per_cpu_second:,.0f}",
        f"{result.median('wall_seconds'):,.1f}",
        f"{first:,.1f}" if first is not None else "",
        megabytes(result.median("peak_memory_bytes")),
    ]
    if baseline:
        cells.append(f"{result.photos_per_second / baseline.photos_per_second:.1f}")
        cells.append(f"{result.photos_per_cpu_second / baseline.photos_per_cpu_second:.1f}")
    return cells


def markdown(results, baseline_name=None):
    """A table per group. The last columns compare with the case called `baseline_name`, over all groups: by
    photos per second, and by photos per CPU-second."""
    baseline = next((r for r in results if r.case.name == baseline_name and r.runs), None)
    header = ["", "photos/s", "photos/CPU-s", "seconds", "first Parquet, s", "peak MB"]
    if baseline:
        header += [f"times {baseline_name}", "the same per CPU-s"]
    lines = []
    for group in dict.fromkeys(result.case.group for result in results):
        if group:
            lines += [f"**{group}**", ""]
        lines.append("| " + " | ".join(header) + " |")
        lines.append("| --- |" + " ---: |" * (len(header) - 1))
        lines += [
            "| " + " | ".join(row_cells(result, baseline)) + " |"
            for result in results
            if result.case.group == group
        ]
        notes = [f"- {r.case.name}: {r.case.note}" for r in results if r.case.group == group and r.case.note]
        lines += ["", *notes, ""] if notes else [""]
    return "\n".join(lines)


def write_json(path, results, machine, extra=None):
    record = {"machine": machine} | (extra or {}) | {"results": [result.record() for result in results]}
    path.write_text(json.dumps(record, indent=1) + "\n")


# -- The chart: horizontal bars of photos per second, one colour for Pomona and one for the others. Colours
# follow the reader's light or dark scheme.

STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-size: 16px; font-weight: 600 }
  .group { font-weight: 600 } .quiet { fill: #59636e } .own { fill: #c2410c } .other { fill: #94a3b8 }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .quiet { fill: #9198a1 } .own { fill: #fb923c }
    .other { fill: #64748b } }
""".strip()

WIDTH, LABEL_WIDTH, VALUE_WIDTH, ROW_HEIGHT = 820, 270, 150, 24


def text(x, y, content, kind="", more=""):
    return f'<text class="{kind}" x="{x:.0f}" y="{y}"{more}>{escape(content)}</text>'


def bar(result, y, longest):
    length = max(1.0, (WIDTH - LABEL_WIDTH - VALUE_WIDTH) * result.photos_per_second / longest)
    kind = "own" if result.case.name.startswith("Pomona") else "other"
    place = f'x="{LABEL_WIDTH}" y="{y + 3}" width="{length:.1f}" height="{ROW_HEIGHT - 6}"'
    value = f"{result.photos_per_second:,.0f}/s, {megabytes(result.median('peak_memory_bytes'))} MB"
    return [
        text(LABEL_WIDTH - 8, y + 16, result.case.name, more=' text-anchor="end"'),
        f'<rect class="{kind}" {place} rx="2"/>',
        text(LABEL_WIDTH + length + 8, y + 16, value, "quiet"),
    ]


def svg(results, title, subtitle):
    shown = [result for result in results if result.runs]
    longest = max((result.photos_per_second for result in shown), default=1.0)
    body, y = [], 64
    for group in dict.fromkeys(result.case.group for result in shown):
        if group:
            body.append(text(8, y + 16, group, "group"))
            y += ROW_HEIGHT
        for result in (r for r in shown if r.case.group == group):
            body += bar(result, y, longest)
            y += ROW_HEIGHT
        y += ROW_HEIGHT // 2
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img"'
    head = [
        f'{opening} aria-label="{escape(title)}">',
        f"<style>{STYLE}</style>",
        text(8, 24, title, "title"),
        text(8, 44, subtitle, "quiet"),
    ]
    return "\n".join([*head, *body, "</svg>"]) + "\n"
