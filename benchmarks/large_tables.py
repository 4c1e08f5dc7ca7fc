"""How long tables of a million and of ten million rows take, and how much memory, against duckdb alone.

    python -m benchmarks.large_tables FOLDER     five minutes, 2.5 GB in the folder for temporary files

FOLDER holds some months of street-level files (`2014-01-<force>-street.csv`), whose rows are repeated. Each reading is
a process of its own, and each is set against duckdb's own group-by of the same files, one after the other in turns; of
several rounds the quickest counts, since a busy machine only ever adds.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import pandas as pd

from panelpack.config.presets import load_presets
from panelpack.config.supplied_table import SupplierFile
from panelpack.errors import PanelPackError, UsageError
from panelpack.intake.large_tables.counting import month_of_name, receive_counted
from panelpack.intake.large_tables.duckdb_reading import files_sql, threads
from panelpack.periods import Quarter
from panelpack.project import Project, digest

PRESET = "street_level_months"
SIZES, ROUNDS, MONTHS = (1_000_000, 10_000_000), 5, 36
TIMES_BARE, PEAK_MB = 2, 1000  # the targets: times as long as duckdb alone, and under so many MB
# What is measured, and what it is set against.
FIRST, BARE_CSV, LATER, BARE_PARQUET, CHECKSUM = "first", "bare_csv", "later", "bare_parquet", "checksum"
COLUMNS = ["rows", "reading", "seconds", "duckdb alone", "ratio", "peak MB", "duckdb's peak MB", "met"]


class Used(NamedTuple):
    """The seconds that a reading took and the memory of its process in MB."""

    seconds: float
    peak_mb: float


def write_months(folder: Path, rows: int, to: Path) -> int:
    """Write month files of at least so many rows in all, each a month of FOLDER repeated; return how many rows.

    Raises UsageError where FOLDER has no such files.
    """
    months = [(month, path) for path in sorted(folder.glob("*-street.csv")) if (month := month_of_name(path))]
    if not months:
        raise UsageError(
            f"{folder}: no file is called like 2014-01-some-force-street.csv. Name a folder that has some."
        )
    contents = [(month.encode(), *path.read_bytes().partition(b"\n")) for month, path in months]
    each = sum(body.count(b"\n") for *_, body in contents) / len(contents)
    times, written = round(-(-rows // (each * MONTHS))) + 1, 0
    for number in range(MONTHS):
        own, head, end, body = contents[number % len(contents)]
        month = f"{2012 + number // 12}-{number % 12 + 1:02d}"
        dated = body.replace(b"," + own + b",", f",{month},".encode())
        with (to / f"{month}-street.csv").open("wb") as file:
            file.write(head + end)
            for _ in range(times):
                if written < rows:
                    file.write(dated)
                    written += dated.count(b"\n")
    return written


def read(what: str, folder: Path, cache: Path) -> float:
    """Do one reading in this process and return its seconds; everything that it imports is there before."""
    paths = sorted(folder.glob("*-street.csv"))
    # The checksum is part of receiving the file, and is measured apart.
    checksums = {path.name: f"{number:064x}" for number, path in enumerate(paths)}
    preset = load_presets(*Project.here().layouts)[PRESET]
    spec = SupplierFile(files="*-street.csv", columns=preset.columns, key=preset.key, layout=preset.layout)
    assert spec.layout.counted is not None
    names, column = ", ".join(f'"{name}"' for name in spec.layout.counted.by), spec.layout.counted.column

    def count() -> None:
        table = receive_counted(paths, PRESET, spec, Quarter.parse("2014Q4"), cache, checksums)
        assert table.text[column].astype(int).sum() == table.rows
        assert [remark.kind for remark in table.remarks] == ["columns_unread"]

    def bare(query: str) -> None:
        duckdb.connect(config={"threads": threads()}).execute(query).fetchall()

    parquet = files_sql(sorted(cache.glob("*.parquet")))
    readings: dict[str, Callable[[], object]] = {
        FIRST: count,
        LATER: count,
        BARE_CSV: lambda: bare(f"SELECT {names}, count(*) FROM read_csv({files_sql(paths)}) GROUP BY ALL"),
        BARE_PARQUET: lambda: bare(f"SELECT c0, c1, c2, count(*) FROM read_parquet({parquet}) GROUP BY ALL"),
        CHECKSUM: lambda: [digest(path) for path in paths],
    }
    started = time.perf_counter()
    readings[what]()
    return time.perf_counter() - started


def measure(folder: Path, sizes: Sequence[int], rounds: int, temporary: Path) -> Iterator[list[object]]:
    """Yield a row of COLUMNS for each reading of each size, with files made from those of a folder."""
    for size in sizes:
        files, cache = temporary / "files", temporary / "cache"
        files.mkdir()
        rows = write_months(folder, size, files)
        used: dict[str, list[Used]] = {}
        for _ in range(rounds):
            shutil.rmtree(cache, ignore_errors=True)
            for what in (FIRST, BARE_CSV, LATER, BARE_PARQUET, LATER, BARE_PARQUET, CHECKSUM):
                used.setdefault(what, []).append(_in_a_process(what, files, cache))
        shutil.rmtree(files)
        for what, alone in ((FIRST, BARE_CSV), (LATER, BARE_PARQUET)):
            yield _row(f"{rows:,}", what, used[what], used[alone])
        yield [f"{rows:,}", CHECKSUM, f"{min(used[CHECKSUM]).seconds:.2f}", "", "", "", "", ""]


def _row(rows: str, what: str, used: Sequence[Used], alone: Sequence[Used]) -> list[object]:
    seconds, bare = min(used).seconds, min(alone).seconds
    peak, bare_peak = (max(one.peak_mb for one in of) for of in (used, alone))
    met = "yes" if seconds <= TIMES_BARE * bare and peak < PEAK_MB else "NO"
    return [
        rows,
        what,
        f"{seconds:.2f}",
        f"{bare:.2f}",
        f"{seconds / bare:.2f}",
        f"{peak:.0f}",
        f"{bare_peak:.0f}",
        met,
    ]


def _in_a_process(what: str, files: Path, cache: Path) -> Used:
    command = [sys.executable, "-m", "benchmarks.large_tables", str(files), "--read", what, "--cache", str(cache)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the reading {what!r} failed")
    return Used(float(printed), used.ru_maxrss / 1024)


def main(arguments: list[str] | None = None) -> int:
    """Measure with the files of a folder, print the table, and return the exit code (2: no such files)."""
    parser = argparse.ArgumentParser(prog="benchmarks.large_tables", description="Measure the reading of large tables.")
    parser.add_argument("folder", type=Path, help="some months of street-level files")
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES, help="how many rows the tables are to have")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="the quickest of so many counts")
    parser.add_argument("--read", help=argparse.SUPPRESS)  # what one of its own processes does
    parser.add_argument("--cache", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.read:
        print(read(asked.read, asked.folder, asked.cache))
        return 0
    try:
        with tempfile.TemporaryDirectory(prefix="panelpack.") as temporary:
            table = pd.DataFrame(measure(asked.folder, asked.rows, asked.rounds, Path(temporary)), columns=COLUMNS)
    except PanelPackError as error:
        print(f"panelpack: {error}", file=sys.stderr)
        return error.exit_code
    print(table.to_string(index=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
