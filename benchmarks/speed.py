"""How long the analyst waits, measured: ratios within one run, medians of several, in copies of the project.

    python -m benchmarks.speed 2015Q1     ten minutes; prints the table and writes outputs/bench/bench.csv

Without a quarter, the last one is measured.
"""

import argparse
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks import naive_build, project_copies
from panelpack.config.configuration import Configuration
from panelpack.errors import PanelPackError
from panelpack.periods import Quarter
from panelpack.pipeline.records import PACK, read_record, steps_folder
from panelpack.pipeline.steps import DASHBOARD, PREPARE, PRIORITY, REPORT, VALIDATE
from panelpack.project import Project

ROUNDS, EDITS = 3, 3
COLUMNS = ["what", "measured", "unit", "target", "met", "detail"]
# The targets: seconds, shares and times as many.
TIMES_NAIVE, FULL_SECONDS, NOTHING_SECONDS, EDIT_SHARE, TWO_TO_ONE, PEAK_MB = 20, 10, 0.5, 0.25, 1.6, 600
MORE_PRIORITIES, MORE_ROWS = 10, 100
FOLLOW_SECONDS = 120  # make live has failed when a pack takes longer
_RAN = re.compile(r"^(\S+) +done", re.MULTILINE)
_STAGE = re.compile(r"^notebooks +([\d.]+) s", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """One run of make quarter: seconds, the largest process' memory in MB, what ran, the notebook stage's seconds."""

    seconds: float
    peak_mb: float
    ran: tuple[str, ...]
    stage: float


@dataclass(frozen=True)
class Bench:
    """A copy of the project, how to run the quarter in it, and what a person changes there."""

    project: Project
    quarter: Quarter

    def make(self, **settings: str) -> Run:
        """Run make quarter as a person does, with settings of the environment. Raises RuntimeError when it fails."""
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
            printed = output.read()
        if process.returncode:
            raise RuntimeError(f"make quarter failed in {self.project.root}:\n{printed}")
        stage = _STAGE.search(printed)
        return Run(seconds, used.ru_maxrss / 1024, tuple(_RAN.findall(printed)), float(stage[1]) if stage else 0.0)

    def make_afresh(self, **settings: str) -> Run:
        """Run it with nothing left of earlier runs."""
        subprocess.run(["rm", "-rf", str(self.project.processed(self.quarter))], check=True)
        return self.make(**settings)

    def follow(self, edits: int) -> list[float]:
        """Run make live, edit the commentary so many times, and return the seconds from each edit to the new pack.

        Raises RuntimeError where none comes.
        """
        record, seconds = steps_folder(self.project, self.quarter) / f"{PACK}.json", []
        command = ["make", "live", f"Q={self.quarter}"]
        process = subprocess.Popen(
            command, cwd=self.project.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        assert process.stdout is not None
        try:
            process.stdout.readline()  # it is ready then
            for _ in range(edits):
                before, started = record.stat().st_mtime_ns, time.perf_counter()
                self.edit_commentary()
                while record.stat().st_mtime_ns == before:
                    if time.perf_counter() - started > FOLLOW_SECONDS:
                        raise RuntimeError(f"make live made no new pack in {self.project.root}")
                    time.sleep(0.01)
                seconds.append(time.perf_counter() - started)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.communicate()
        return seconds

    def edit_commentary(self) -> None:
        """Add a word to the first numbered paragraph of the second update."""
        office = Configuration.read(self.project, self.quarter)
        path = self.project.commentary(self.quarter)
        place = office.commentary.of_update(office.plan.updates[1].id)[0].line - 1
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        lines[place] = f"Indeed {lines[place]}"
        path.write_text("".join(lines), encoding="utf-8")

    def edit_page_module(self) -> None:
        """Add a comment to the module of the report's page."""
        with (self.project.package / "pages" / "report.py").open("a", encoding="utf-8") as file:
            file.write("# A comment changes no page.\n")

    def edit_raw(self) -> tuple[str, set[str]]:
        """Add one to a figure of the table that the fewest priorities read; return it, and the steps that read it."""
        plan = Configuration.read(self.project, self.quarter).plan
        series = self.project.processed(self.quarter).relative_to(self.project.root) / "series"
        records = {path.stem: read_record(path) for path in steps_folder(self.project, self.quarter).glob("*.json")}
        readers = {
            name: {step for step, record in records.items() if record and f"{series}/{name}.csv" in record.reads}
            for name, table in plan.tables.items()
            if table.pattern.endswith(".csv") and table.column_of("count")
        }
        priorities = {name: sum(step.startswith(PRIORITY) for step in steps) for name, steps in readers.items()}
        _, chosen = min((number, name) for name, number in priorities.items() if number)
        project_copies.add_one(self.project.raw(self.quarter) / plan.tables[chosen].pattern, plan.tables[chosen])
        project_copies.receive(self.project, self.quarter)
        return chosen, readers[chosen] - {PACK}


@dataclass(frozen=True)
class Round:
    """The runs of one round, each from what the one before left, and what they are expected to run."""

    full: Run
    nothing: Run
    word: Run
    followed: list[float]
    page_module: Run
    raw_file: Run
    one_process: Run
    raw_table: str
    raw_readers: set[str]

    @classmethod
    def measure(cls, bench: Bench) -> "Round":
        """Make every change once, and make the pack after each."""
        full, nothing = bench.make_afresh(), bench.make()
        bench.edit_commentary()
        word = bench.make()
        followed = bench.follow(EDITS)
        bench.edit_page_module()
        page_module = bench.make()
        table, readers = bench.edit_raw()
        return cls(
            full, nothing, word, followed, page_module, bench.make(), bench.make_afresh(JOBS="1"), table, readers
        )

    @property
    def runs(self) -> list[Run]:
        """All runs of make quarter in which something ran."""
        return [self.full, self.word, self.page_module, self.raw_file, self.one_process]


class BenchTable:
    """The rows of the table, each said as soon as it is known."""

    def __init__(self, say: Callable[[str], None]):
        """Begin without rows; `say` hears each."""
        self._rows: list[list[object]] = []
        self._say = say

    def add(
        self, what: str, measured: float, unit: str, target: str = "", met: bool | None = None, detail: str = ""
    ) -> None:
        """Add a row; `met` says whether the target is reached, None where there is none."""
        verdict = "" if met is None else "yes" if met else "NO"
        self._rows.append([what, round(measured, 2), unit, target, verdict, detail])
        self._say(f"{what}: {measured:.2f} {unit} (target {target or 'none'}) {detail}")

    def under(self, what: str, measured: float, limit: float, unit: str, detail: str = "") -> None:
        """Add a row that is to stay under a limit."""
        self.add(what, measured, unit, f"under {limit}", measured < limit, detail)

    def at_most(self, what: str, measured: float, most: float, unit: str, detail: str = "") -> None:
        """Add a row whose target is not to be exceeded."""
        self.add(what, measured, unit, f"at most {most:.3g}", measured <= most, detail)

    def at_least(self, what: str, measured: float, least: float, unit: str, detail: str = "") -> None:
        """Add a row whose target is to be reached."""
        self.add(what, measured, unit, f"at least {least}", measured >= least, detail)

    def frame(self) -> pd.DataFrame:
        """Return the rows so far, with COLUMNS."""
        return pd.DataFrame(self._rows, columns=COLUMNS)


def measure(
    project: Project, quarter: Quarter, folder: Path, say: Callable[[str], None], rounds: int = ROUNDS
) -> pd.DataFrame:
    """Return a row of COLUMNS for each target; `met` says whether it is reached, '' where there is none.

    folder: where the copies are made; say: hears each row as it comes.
    """
    table = BenchTable(say)
    bench = Bench(project_copies.copy(project, quarter, folder / "project"), quarter)
    bench.make()  # compiles what Python compiles once
    done: list[Round] = []
    for number in range(1, rounds + 1):
        done.append(Round.measure(bench))
        say(f"round {number}: full {done[-1].full.seconds:.1f} s, a word {done[-1].word.seconds:.1f} s")
    table.add("this machine: pandas and seaborn imported", imported(), "s", detail="its speed")
    _add_rounds(table, done)
    naive = naive_build.build(bench.project, quarter, folder / "naive")
    full = [*(one.full for one in done), bench.make_afresh()]
    seconds = statistics.median(run.seconds for run in full)
    stages = ", ".join(f"{name} {taken:.0f} s" for name, taken in naive.items())
    table.at_least("naive build to full run", sum(naive.values()) / seconds, TIMES_NAIVE, "times", stages)
    larger = []
    for what, run, work in _larger(project, quarter, folder):
        detail = f"{run.seconds:.0f} s, {run.peak_mb:.0f} MB"
        table.at_most(f"{what}, to the full run", run.seconds / seconds, work, "times", detail)
        larger.append(run)
    table.under("largest process", _peak([*full, *(run for one in done for run in one.runs)]), PEAK_MB, "MB")
    table.under("largest process of the larger projects", _peak(larger), PEAK_MB, "MB")
    return table.frame()


def _add_rounds(table: BenchTable, done: list[Round]) -> None:
    """Add the rows of what one person waits for; shares are of the full run of the same round."""
    first = done[0]
    full = statistics.median(one.full.seconds for one in done)
    table.under("full run", full, FULL_SECONDS, "s", f"{len(first.full.ran)} notebooks")
    nothing = statistics.median(one.nothing.seconds for one in done)
    table.under("nothing changed", nothing, NOTHING_SECONDS, "s", f"{len(first.nothing.ran)} notebooks")
    word = statistics.median(one.word.seconds / one.full.seconds for one in done)
    table.at_most("a word of commentary, of the full run", word, EDIT_SHARE, "", " ".join(first.word.ran))
    followed = statistics.median(seconds for one in done for seconds in one.followed)
    table.at_most("the same while make live runs", followed / full, EDIT_SHARE, "", "from save to pack")
    page = statistics.median(one.page_module.seconds / one.full.seconds for one in done)
    table.add("a changed page module, of the full run", page, "", detail=" ".join(first.page_module.ran))
    only = set(first.raw_file.ran) <= {VALIDATE, PREPARE, DASHBOARD, REPORT, *first.raw_readers}
    ran = f"{first.raw_table}: {' '.join(first.raw_file.ran)}"
    raw = statistics.median(one.raw_file.seconds / one.full.seconds for one in done)
    table.add("one raw file, of the full run", raw, "", "its priorities, dashboard, report", only, ran)
    table.add("one raw file", statistics.median(one.raw_file.seconds for one in done), "s", detail=first.raw_table)
    ratio = statistics.median(one.one_process.stage / one.full.stage for one in done)
    table.at_least("notebooks, one process to all cores", ratio, TWO_TO_ONE, "times")


def _larger(project: Project, quarter: Quarter, folder: Path) -> Iterator[tuple[str, Run, float]]:
    """Yield what grew, its run, and how many times the work has become."""
    more = Bench(project_copies.copy(project, quarter, folder / "priorities"), quarter)
    before = len(Configuration.read(project, quarter).plan.priorities)
    project_copies.more_priorities(more.project, quarter, MORE_PRIORITIES)
    after = len(Configuration.read(more.project, quarter).plan.priorities)
    yield f"{after} priorities instead of {before}", more.make(), after / before
    more = Bench(project_copies.copy(project, quarter, folder / "rows"), quarter)
    before, after = project_copies.more_rows(more.project, quarter, MORE_ROWS)
    yield f"{after:,} raw rows instead of {before:,}", more.make(), after / before


def _peak(runs: Iterable[Run]) -> float:
    """Return the memory of the largest process of any run, MB."""
    return max(run.peak_mb for run in runs)


def imported() -> float:
    """Return the seconds that a new Python takes to import pandas and seaborn: the speed of the machine."""
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import pandas, seaborn"], check=True)
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def main(arguments: list[str] | None = None) -> int:
    """Measure a quarter, print the table and write it to outputs/bench; the exit code is 2 for an unknown quarter."""
    parser = argparse.ArgumentParser(prog="benchmarks.speed", description="Measure how long each kind of run takes.")
    parser.add_argument("quarter", nargs="?", default="", help="YYYYQn; the last one where none is given")
    label = parser.parse_args(arguments).quarter
    try:
        project = Project.here()
        quarter = project_copies.asked_for(project, label)
        with tempfile.TemporaryDirectory() as folder:
            table = measure(project, quarter, Path(folder), lambda line: print(line, flush=True))
    except PanelPackError as error:
        print(f"panelpack: {error}", file=sys.stderr)
        return error.exit_code
    path = project.root / "outputs" / "bench" / "bench.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n")
    print(f"\n{table[COLUMNS[:-1]].to_string(index=False)}\n\n{path.relative_to(project.root)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
