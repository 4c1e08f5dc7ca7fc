"""Files: whether each of a supplier's is the one received, and the tables that we wrote."""

import difflib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.sources import NOT_RECEIVED, SOURCES_FILE, Source
from panelpack.errors import SourceError, shown
from panelpack.project import digest


def check_sources(office: Configuration) -> list[str]:
    """Return a sentence for each raw file that is not what sources.yml, the plan and the parameters say."""
    folder, plan = office.project.raw(office.quarter), office.plan
    listed, problems = shown(folder / SOURCES_FILE), []
    by_table = {source.table: (name, source) for name, source in office.sources.files.items()}
    for table, spec in plan.tables.items():
        if table not in by_table:
            problems.append(f"{listed}: no file is given for table {table!r}, expected {spec.pattern}. Add its entry.")
            continue
        name, source = by_table[table]
        problems += [f"{listed}: {problem}" for problem in _entry_problems(office, name, source)]
    for name, source in office.sources.files.items():
        if source.table not in plan.tables:
            problems.append(f"{listed}: {name} is for table {source.table!r}, which is not in the plan. Correct it.")
        problems += _checksum_problems(office, folder, name, source)
    known = {*office.sources.checksums, SOURCES_FILE}
    for path in sorted(folder.iterdir()):
        if path.name not in known and not path.name.startswith("."):
            problems.append(f"{shown(path)}: {_of_nobody(office, path.name)}")
    return problems


def _entry_problems(office: Configuration, name: str, source: Source) -> Iterator[str]:
    """Yield where the entry of a table contradicts the plan or the quarter's parameters."""
    spec = office.plan.tables[source.table]
    if name != spec.pattern:
        yield f"table {source.table!r} is {name}, the plan expects {spec.pattern}. Make them agree."
    if isinstance(source.sha256, str) and spec.is_pattern:
        yield f"{name}: one sha256 is given, expected one for each file's name: the plan gives a pattern. Correct it."
    if not source.licence and spec.preset is None:
        yield f"{name}: no licence is given, and the table has no preset that knows it. Say what may be done with it."
    entry = office.parameters.availability.get(source.table)
    release = entry.release_date if entry and entry.status == "embargoed" else None
    if release != source.embargoed_until:
        yield (
            f"{name} is embargoed until {source.embargoed_until}, params/{office.quarter}.yml says {release}. "
            "Make them agree."
        )
    described, columns = set(source.columns), set(spec.columns) if source.reconstructed else set()
    for column in sorted(described ^ columns):
        found = "is described" if column in described else "is not described"
        expected = "what each of its columns rests on" if source.reconstructed else "nothing of a received file"
        yield f"{name}, columns: {column!r} {found}, expected {expected}. Correct the entry."


def _checksum_problems(office: Configuration, folder: Path, name: str, source: Source) -> Iterator[str]:
    """Yield the files of an entry that are missing or are not those that were received."""
    checksums = {name: source.sha256} if isinstance(source.sha256, str) else source.sha256
    if not checksums:
        yield f"{shown(folder / name)}: the file is missing. Put it there or ask {source.supplier}."
    for file, expected in checksums.items():
        path = folder / file
        if not path.is_file():
            yield f"{shown(path)}: the file is missing. Put it there or ask {source.supplier}."
        elif expected == NOT_RECEIVED:
            yield f"{shown(path)}: it is not recorded as received yet. Record it: make receive Q={office.quarter}"
        elif (checksum := digest(path)) != expected:
            yield (
                f"{shown(path)}: sha256 is {checksum}, sources.yml has {expected}. If the supplier sent a "
                f"new file, record it with: make receive Q={office.quarter}"
            )


def _of_nobody(office: Configuration, file: str) -> str:
    """Say of a file that no entry names what it may be: of a table by its pattern, or another's by a like name."""
    for table in office.plan.tables.values():
        if table.holds(file):
            return f"sources.yml does not list this file. Record it: make receive Q={office.quarter}"
    alike = difflib.get_close_matches(file, office.sources.checksums, n=1, cutoff=0.8)
    meant = f" If it replaces {alike[0]}, put it in its place." if alike else ""
    return f"no table of the plan has a file of this name.{meant} Add a table and an entry, or remove the file."


def read_table(
    path: Path,
    columns: Sequence[str],
    remedy: str,
    *,
    what: str = "the table",
    check: Callable[[pd.DataFrame], bool] = lambda frame: True,
    text: bool = False,
) -> pd.DataFrame:
    """Read a csv that this software or the office wrote, with just these columns; with `text`, every cell as text.

    what: what messages call it. remedy: what to do where it is missing or not such a table; `check` says whether its
    cells are what they must be. Raises SourceError.
    """
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False) if text else pd.read_csv(path)
    except FileNotFoundError:
        raise SourceError(f"{shown(path)}: the file is missing, expected {what}. {remedy}") from None
    except (OSError, ValueError) as error:
        raise SourceError(f"{shown(path)}: {what} cannot be read: {str(error).splitlines()[0]}. {remedy}") from None
    if list(frame.columns) != list(columns):
        raise SourceError(f"{shown(path)}: found the columns {list(frame.columns)}, expected {list(columns)}. {remedy}")
    if not check(frame):
        raise SourceError(f"{shown(path)}: the cells are not those of {what}. {remedy}")
    return frame
