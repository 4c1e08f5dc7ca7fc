"""What an atlas costs, measured: packs per CPU hour, two workers against one, a worker's death, the same seals.

    python -m benchmarks.atlas FILE     ten minutes; prints the table and writes outputs/bench/atlas.csv

FILE is the official table of recorded crime. Ratios are of one run. On a busy machine look at CPU seconds, not at the
clock. What it says of 43 forces and 40 quarters is a projection from that, and is called one.
"""

import argparse
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import pandas as pd

from benchmarks.speed import COLUMNS, BenchTable
from panelpack.atlas.atlas import chunk_of, packs_of, run
from panelpack.atlas.chunks import Basis, fingerprint_of_code
from panelpack.atlas.cluster import client_of
from panelpack.atlas.order import AtlasOrder, chosen_baseline
from panelpack.atlas.progress import Progress
from panelpack.atlas.store import MAKING, Record, Store, find_damage
from panelpack.errors import PanelPackError, UsageError
from panelpack.intake.published_table import PublishedTable, read_published
from panelpack.periods import Quarter
from panelpack.project import Project
from panelpack.publishing.manifest import MANIFEST_FILE, read_manifest

RELEASE = "measured"
QUARTERS = 6  # of a force, in a chunk
FORCES, EVERY_QUARTER, MANY_CORES = 43, 40, (16, 64)  # the projection
AROUND = 8  # quarters that the first pack needs before it: a whole year to compare with, and twelve months
EFFICIENCY, SHARE_OF_SINGLE = 0.8, 0.75  # the aims: of two workers, and of a single run's CPU seconds


@dataclass
class Made:
    """What a run made: the clock's seconds from the first task to the last, the packs' CPU seconds, lost workers."""

    seconds: float
    records: list[Record]
    workers_lost: int = 0

    @property
    def cpu_seconds(self) -> float:
        """CPU seconds a pack."""
        return mean(record.cpu_seconds for record in self.records)


@dataclass(frozen=True)
class Bench:
    """The table that packs are made of, and where they are put."""

    software: Project
    table: PublishedTable
    folder: Path
    say: Callable[[str], None]

    def quarters(self, force: str, number: int) -> tuple[Quarter, ...]:
        """Return the last quarters that the table has of a force."""
        return tuple(map(Quarter.parse, self.table.quarters(force)[-number:]))

    def make(
        self, name: str, forces: Sequence[str], quarters: Sequence[Quarter], jobs: int, kill: bool = False
    ) -> Made:
        """Make packs in a store of their own, on as many cores as workers. kill: one worker, when a pack is there."""
        order = AtlasOrder(self.table.source, tuple(quarters), self.folder, jobs)
        store, code = Store(self.folder / name), fingerprint_of_code(self.software)
        basis = Basis(self.table, RELEASE, chosen_baseline(order, self.table))
        groups = [packs_of(force, quarters, basis, code) for force in forces]
        # One a force, so that what a process does once weighs the same with any number of workers.
        chunks = [chunk_of(self.software, store, basis, tuple(group)) for group in groups]
        progress = Counted(sum(map(len, groups)), self.say)
        with on_cores(jobs), client_of("", jobs) as client:
            killer = threading.Thread(target=kill_a_worker, args=(store,), daemon=True)
            if kill:
                killer.start()
            began = time.monotonic()
            if failures := run(client, chunks, code, progress):
                raise PanelPackError(f"{failures[0].force} {failures[0].quarter}: {failures[0].message}")
            seconds = time.monotonic() - began
        return Made(seconds, store.records(), progress.workers_lost)

    def single(self, store: str, record: Record) -> tuple[float, bool]:
        """Make one pack of a store by a command of its own; return its CPU seconds, and whether the seal agrees."""
        quarter = Quarter.parse(record.quarter)
        office, to = Store(self.folder / store).office(record.force, quarter), self.folder / "single" / record.quarter
        for name in ("params", "data"):
            shutil.copytree(office / name, to / name)
        environment = {**os.environ, "OFFICE": str(to), "JOBS": "1"}
        before = _of_children()
        command = [sys.executable, "-m", "panelpack", "quarter", record.quarter]
        with on_cores(1):
            subprocess.run(command, cwd=self.software.root, env=environment, check=True, stdout=subprocess.DEVNULL)
        seal = read_manifest(to / "outputs" / record.quarter / MANIFEST_FILE)["seal"]
        return _of_children() - before, seal == record.seal


class Counted(Progress):
    """A progress that counts the workers that were lost."""

    workers_lost = 0

    def lost(self) -> None:
        """Count one."""
        self.workers_lost += 1
        super().lost()


@contextmanager
def on_cores(number: int) -> Iterator[None]:
    """Have this process, and all that it starts meanwhile, run on so many cores; where that cannot be set, on all."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(sorted(every)[:number]))
    try:
        yield
    finally:
        os.sched_setaffinity(0, every)


def kill_a_worker(store: Store) -> None:
    """Kill the worker of a pack that is being made, as soon as another is there."""
    while True:
        time.sleep(0.05)
        if not store.records():
            continue
        for folder in (store.folder / MAKING).glob("*"):
            with suppress(OSError, ValueError):
                status = Path(f"/proc/{folder.name.rpartition('-')[2]}/stat").read_text(encoding="utf-8")
                os.kill(int(status.rpartition(")")[2].split()[1]), signal.SIGKILL)
                return


def measure(bench: Bench, number: int) -> pd.DataFrame:
    """Return a row of COLUMNS for each thing measured. number: of quarters in a chunk."""
    table = BenchTable(bench.say)
    forces = [force for force in bench.table.forces if len(bench.table.quarters(force)) >= number + AROUND][:2]
    if len(forces) < 2:
        raise UsageError(f"DATA={str(bench.table.source)!r}: expected two forces with {number + AROUND} quarters.")
    quarters = bench.quarters(forces[0], number)
    one = bench.make("one", forces[:1], quarters, 1)
    singles = [bench.single("one", record) for record in dict.fromkeys((one.records[0], one.records[-1]))]
    two = bench.make("two", forces, quarters, 2)
    cost, single = one.cpu_seconds, mean(seconds for seconds, _ in singles)
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    table.add(
        "packs per CPU hour", 3600 / cost, "packs", detail=f"{cost:.1f} CPU s a pack, {len(one.records)} in a chunk"
    )
    table.at_most(
        "CPU seconds of a pack, to a single make quarter", cost / single, SHARE_OF_SINGLE, "", f"{single:.1f} s"
    )
    rates = [len(made.records) / made.seconds for made in (one, two)]
    efficiency = rates[1] / rates[0] / 2
    table.at_least("efficiency of two workers, by the clock", efficiency, EFFICIENCY, "", load)
    by_cpu, detail = one.cpu_seconds / two.cpu_seconds, f"{two.cpu_seconds:.1f} CPU s a pack"
    table.at_least("efficiency of two workers, by CPU seconds", by_cpu, EFFICIENCY, "", detail)
    same = sum(agrees for _, agrees in singles)
    table.add("seals equal to those of single runs", same, "packs", f"{len(singles)}", same == len(singles))
    _add_death(table, bench, forces[0], quarters[:2])
    _add_projection(table, cost, by_cpu, [*one.records, *two.records])
    return table.frame()


def _add_death(table: BenchTable, bench: Bench, force: str, quarters: Sequence[Quarter]) -> None:
    """Add the rows of a run whose only worker is killed when the first pack is there."""
    made = bench.make("killed", [force], quarters, 1, kill=True)
    store = Store(bench.folder / "killed")
    lost = len(quarters) - len(made.records)
    half = [
        record
        for record in made.records
        if find_damage(
            Project(bench.software.root, store.office(record.force, Quarter.parse(record.quarter))),
            Quarter.parse(record.quarter),
            record.seal,
        )
    ]
    detail = f"{made.workers_lost} worker killed, {made.seconds:.0f} s"
    table.add("packs lost by a worker's death", lost, "packs", "0", lost == 0 and made.workers_lost > 0, detail)
    table.add("packs half written", len(half), "packs", "0", not half)


def _add_projection(table: BenchTable, cost: float, efficiency: float, records: Sequence[Record]) -> None:
    """Add what the measured packs would mean for all forces and ten years: a projection, no measurement."""
    packs = FORCES * EVERY_QUARTER
    hours, size = packs * cost / 3600, packs * mean(record.bytes for record in records) / 1e9
    what = f"projection for {FORCES} forces x {EVERY_QUARTER} quarters"
    table.add(f"{what}: CPU", hours, "hours", detail=f"{packs:,} packs")
    for cores in MANY_CORES:
        detail = f"at an efficiency of {min(efficiency, 1):.2f}"
        table.add(f"{what}: {cores} cores", hours / cores / min(efficiency, 1) * 60, "minutes", detail=detail)
    table.add(f"{what}: stores", size, "GB", detail=f"{size / packs * 1e3:.1f} MB a pack")


def _of_children() -> float:
    """Return the CPU seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the table and write it to outputs/bench."""
    parser = argparse.ArgumentParser(prog="benchmarks.atlas", description="Measure what an atlas costs.")
    parser.add_argument("data", nargs="?", default="", help="the official table of recorded crime")
    parser.add_argument("--quarters", type=int, default=QUARTERS, help="of a force, in a chunk")
    asked = parser.parse_args(arguments)
    software = Project(Path(__file__).resolve().parents[1])
    try:
        if not asked.data:
            raise UsageError("DATA is missing: expected the official table. Type make bench-atlas DATA=FILE")
        published = read_published(software, Path(asked.data).expanduser())
        with tempfile.TemporaryDirectory(prefix="panelpack-bench-") as folder:
            bench = Bench(software, published, Path(folder), lambda line: print(line, flush=True))
            table = measure(bench, asked.quarters)
    except PanelPackError as error:
        print(f"panelpack: {error}", file=sys.stderr)
        return error.exit_code
    path = software.root / "outputs" / "bench" / "atlas.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n")
    print(f"\n{table[COLUMNS].to_string(index=False)}\n\n{path.relative_to(software.root)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
