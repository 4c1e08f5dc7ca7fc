"""Runs of a quarter in a copy of the project, as a person starts them, and the changes that are measured."""

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks import naive_build, project_copies
from benchmarks.project_copies import add_one, receive
from panelpack.config import commentary
from panelpack.indicators.quarter_data import configuration
from panelpack.periods import Quarter
from panelpack.pipeline import cache
from panelpack.pipeline.steps import DASHBOARD, PREPARE, REPORT, VALIDATE
from panelpack.project import Project

_RAN = re.compile(r"^(\S+) +done", re.MULTILINE)
_STAGE = re.compile(r"^notebooks +([\d.]+) s", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """One run of make quarter: seconds, the largest process' memory in MB, what ran, the notebook stage's seconds."""

    seconds: float
    peak_mb: float
    ran: tuple[str, ...]
    stage: float


def imported() -> float:
    """Return the seconds that a new Python takes to import pandas and seaborn: the speed of the machine."""
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import pandas, seaborn"], check=True)
        seconds.append(time.perf_counter() - started)
    return min(seconds)


@dataclass(frozen=True)
class Bench:
    """A copy of the project, and how to run the quarter in it."""

    project: Project
    quarter: Quarter

    def make(self, **settings: str) -> Run:
        """Run make quarter as a person does."""
        command = ["make", "quarter", f"Q={self.quarter}"]
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            started = time.perf_counter()
            process = subprocess.Popen(
                command, cwd=self.project.root, stdout=output, stderr=output, env=os.environ | settings
            )
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            said = output.read()
        if process.returncode:
            raise RuntimeError(f"make quarter failed in {self.project.root}:\n{said}")
        stage = _STAGE.search(said)
        return Run(seconds, used.ru_maxrss / 1024, tuple(_RAN.findall(said)), float(stage[1]) if stage else 0.0)

    def fresh(self, **settings: str) -> Run:
        """Run it with nothing kept of earlier runs."""
        subprocess.run(["rm", "-rf", str(self.project.processed(self.quarter))], check=True)
        return self.make(**settings)

    def follow(self, rounds: int) -> list[float]:
        """Run make live, edit the commentary `rounds` times, and return the seconds from each edit to the new pack."""
        record, seconds = cache.folder(self.project, self.quarter) / "pack.json", []
        command = ["make", "live", f"Q={self.quarter}"]
        process = subprocess.Popen(
            command, cwd=self.project.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            process.stdout.readline()
            for _ in range(rounds):
                before, started = record.stat().st_mtime_ns, time.perf_counter()
                self.edit_commentary()
                while record.stat().st_mtime_ns == before:
                    time.sleep(0.01)
                seconds.append(time.perf_counter() - started)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.communicate()
        return seconds

    def edit_commentary(self) -> None:
        """Add a word to the first numbered paragraph of the second update."""
        plan = configuration(self.project, self.quarter)[0]
        path = self.project.commentary(self.quarter)
        written = commentary.read(path, plan)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        place = written.of_update(plan.updates[1].id)[0].line - 1
        lines[place] = f"Indeed {lines[place]}"
        path.write_text("".join(lines), encoding="utf-8")

    def edit_raw(self) -> tuple[str, set[str]]:
        """Add one to a figure of the table that the fewest priorities read; return it, and all that must then run."""
        plan = configuration(self.project, self.quarter)[0]
        folder = cache.folder(self.project, self.quarter)
        records = {path.stem: cache.read_record(path) for path in folder.glob("*.json")}
        series = self.project.processed(self.quarter).relative_to(self.project.root).as_posix() + "/series"
        readers = {
            name: {step for step, record in records.items() if f"{series}/{name}.csv" in record.reads}
            for name, table in plan.tables.items()
            if table.file.endswith(".csv") and "count" in table.columns.values()
        }
        priorities = {name: sum(step.startswith("3_") for step in found) for name, found in readers.items()}
        name = min((name for name, number in priorities.items() if number), key=priorities.get)
        add_one(self.project.raw(self.quarter) / plan.tables[name].file, plan.tables[name])
        receive(self.project, self.quarter)
        return name, readers[name] - {"pack"}


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

    bench = Bench(project_copies.copy(project, quarter, folder / "project"), quarter)
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
    naive = naive_build.build(bench.project, quarter, folder / "naive")
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
    more = Bench(project_copies.copy(project, quarter, folder / "priorities"), quarter)
    before = len(configuration(project, quarter)[0].priorities)
    project_copies.more_priorities(more.project, MORE_PRIORITIES)
    after = len(configuration(more.project, quarter)[0].priorities)
    yield f"{after} priorities instead of {before}", more.make(), after / before
    more = Bench(project_copies.copy(project, quarter, folder / "rows"), quarter)
    before, after = project_copies.more_rows(more.project, quarter, MORE_ROWS)
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
            copy = project_copies.copy(project, quarter, Path(folder) / "project")
            for name, seconds in naive_build.build(copy, quarter, Path(folder) / "naive").items():
                print(f"{name:<16}{seconds:8.1f} s")
            return
        table = measure(project, quarter, Path(folder), lambda line: print(line, flush=True))
    outputs = project.root / "outputs" / "bench"
    outputs.mkdir(parents=True, exist_ok=True)
    table.to_csv(outputs / "bench.csv", index=False, lineterminator="\n")
    print(f"\n{table[COLUMNS[:-1]].to_string(index=False)}\n\n{(outputs / 'bench.csv').relative_to(project.root)}")


if __name__ == "__main__":
    main(sys.argv[1:])
