"""How long the analyst waits, measured: ratios within one run, medians of several, in copies of the project."""

import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from panelpack import bench_naive, bench_project, evidence
from panelpack.bench_runs import Bench, imported
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.steps import DASHBOARD, PREPARE, REPORT, VALIDATE

ROUNDS, EDITS = 3, 3
COLUMNS = ["what", "measured", "unit", "target", "met", "detail"]
TIMES_NAIVE, FULL_SECONDS, NOTHING_SECONDS, EDIT_SHARE, TWO_TO_ONE, PEAK_MB = 20, 10, 0.5, 0.25, 1.6, 600
MORE_PRIORITIES, MORE_ROWS = 10, 100


def measure(project: Project, quarter: Quarter, folder: Path, say: Callable[[str], None]) -> pd.DataFrame:
    """Return a row of COLUMNS for each target; `met` says whether it is reached, '' where there is none."""
    rows: list[list] = []

    def row(what: str, measured: float, unit: str, target: str, met: bool | None, detail: str) -> None:
        rows.append([what, round(measured, 2), unit, target, "" if met is None else "yes" if met else "NO", detail])
        say(f"{what}: {measured:.2f} {unit} (target {target}) {detail}")

    bench = Bench(bench_project.copy(project, quarter, folder / "project"), quarter)
    bench.make()  # compiles what Python compiles once
    full, nothing, edit, followed, raw, one = [], [], [], [], [], []
    for number in range(ROUNDS):
        full.append(bench.fresh())
        nothing.append(bench.make())
        bench.edit_commentary()
        edit.append(bench.make())
        followed += bench.follow(EDITS)
        table, readers = bench.edit_raw()
        raw.append(bench.make())
        one.append(bench.fresh(JOBS="1"))
        say(f"round {number + 1}: full {full[-1].seconds:.1f} s, a word {edit[-1].seconds:.1f} s")
    row("this machine: pandas and seaborn imported", imported(), "s", "", None, "its speed")
    seconds = _median(run.seconds for run in full)
    row("full run", seconds, "s", f"under {FULL_SECONDS}", seconds < FULL_SECONDS, f"{len(full[0].ran)} notebooks")
    quiet = _median(run.seconds for run in nothing)
    row("nothing changed", quiet, "s", f"under {NOTHING_SECONDS}", quiet < NOTHING_SECONDS, "0 notebooks")
    share = _median(a.seconds / b.seconds for a, b in zip(edit, full, strict=True))
    ran = " ".join(edit[0].ran)
    row("a word of commentary, of the full run", share, "", f"at most {EDIT_SHARE}", share <= EDIT_SHARE, ran)
    share = _median(followed) / seconds
    row("the same while make live runs", share, "", f"at most {EDIT_SHARE}", share <= EDIT_SHARE, "from save to pack")
    share = _median(a.seconds / b.seconds for a, b in zip(raw, full, strict=True))
    expected = {VALIDATE, PREPARE, DASHBOARD, REPORT, *readers}
    only = set(raw[0].ran) <= expected
    row(
        "one raw file, of the full run",
        share,
        "",
        "its priorities, dashboard, report",
        only,
        f"{table}: {' '.join(raw[0].ran)}",
    )
    ratio = _median(a.stage / b.stage for a, b in zip(one, full, strict=True))
    row("notebooks, one process to all cores", ratio, "times", f"at least {TWO_TO_ONE}", ratio >= TWO_TO_ONE, "")
    naive = bench_naive.build(bench.project, quarter, folder / "naive")
    full.append(bench.fresh())
    times = sum(naive.values()) / _median(run.seconds for run in full)
    stages = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in naive.items())
    row("naive build to full run", times, "times", f"at least {TIMES_NAIVE}", times >= TIMES_NAIVE, stages)
    seconds, larger = _median(run.seconds for run in full), []
    for what, grown, work in _larger(project, quarter, folder):
        growth = grown.seconds / seconds
        detail = f"{grown.seconds:.0f} s, {grown.peak_mb:.0f} MB"
        row(f"{what}, to the full run", growth, "times", f"at most {work:.1f}", growth <= work, detail)
        larger.append(grown)
    peak = max(run.peak_mb for run in [*full, *one, *edit, *raw])
    row("largest process", peak, "MB", f"under {PEAK_MB}", peak < PEAK_MB, "")
    peak = max(run.peak_mb for run in larger)
    row("largest process of the larger projects", peak, "MB", f"under {PEAK_MB}", peak < PEAK_MB, "")
    return pd.DataFrame(rows, columns=COLUMNS)


def _larger(project: Project, quarter: Quarter, folder: Path):
    """Yield what grew, its run, and how many times the work has become."""
    more = Bench(bench_project.copy(project, quarter, folder / "priorities"), quarter)
    before = len(evidence.configuration(project, quarter)[0].priorities)
    bench_project.more_priorities(more.project, MORE_PRIORITIES)
    after = len(evidence.configuration(more.project, quarter)[0].priorities)
    yield f"{after} priorities instead of {before}", more.make(), after / before
    more = Bench(bench_project.copy(project, quarter, folder / "rows"), quarter)
    before, after = bench_project.more_rows(more.project, quarter, MORE_ROWS)
    yield f"{after:,} raw rows instead of {before:,}", more.make(), after / before


def _median(values) -> float:
    return statistics.median(values)


def main(arguments: Sequence[str]) -> None:
    """Measure the given quarter, or the last one, print the table and write it to outputs/bench."""
    project = Project.here()
    label = arguments[0] if arguments and arguments[0] else (project.quarters() or [""])[-1]
    quarter = project.quarter(label)
    naive_only = "naive" in arguments
    with tempfile.TemporaryDirectory() as folder:
        if naive_only:
            copy = bench_project.copy(project, quarter, Path(folder) / "project")
            for name, seconds in bench_naive.build(copy, quarter, Path(folder) / "naive").items():
                print(f"{name:<16}{seconds:8.1f} s")
            return
        table = measure(project, quarter, Path(folder), lambda line: print(line, flush=True))
    outputs = project.root / "outputs" / "bench"
    outputs.mkdir(parents=True, exist_ok=True)
    table.to_csv(outputs / "bench.csv", index=False, lineterminator="\n")
    print(f"\n{table[COLUMNS[:-1]].to_string(index=False)}\n\n{(outputs / 'bench.csv').relative_to(project.root)}")


if __name__ == "__main__":
    main(sys.argv[1:])
