"""Files: whether each of a supplier's is the one received, and the tables that we wrote."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.sources import NOT_RECEIVED, SOURCES_FILE, Source
from panelpack.config.strict_yaml import read_yaml
from panelpack.errors import SourceError, shown
from panelpack.intake import arrivals
from panelpack.project import digest


def check_sources(office: Configuration) -> list[str]:
    """Return a sentence for each raw file that is not what sources.yml, the plan and the parameters say."""
    folder, plan = office.project.raw(office.quarter), office.plan
    listed, problems = shown(folder / SOURCES_FILE), list(_there_after_all(office, folder))
    by_table = {source.table: (name, source) for name, source in office.sources.files.items()}
    not_supplied = office.parameters.not_supplied
    for table, spec in plan.tables.items():
        if table in not_supplied:
            continue
        if table not in by_table:
            problems.append(f"{listed}: no file is given for table {table!r}, expected {spec.pattern}. Add its entry.")
            continue
        name, source = by_table[table]
        problems += [f"{listed}: {problem}" for problem in _entry_problems(office, name, source)]
    for name, source in office.sources.files.items():
        if source.table not in plan.tables:
            problems.append(f"{listed}: {name} is for table {source.table!r}, which is not in the plan. Correct it.")
        problems += _checksum_problems(office, folder, name, source)
    named = [*office.sources.files, *office.sources.checksums, *(plan.tables[table].pattern for table in not_supplied)]
    before = office.project.raw(office.quarter.shift(-1))
    linked = [words for drop in (folder, before) if drop.is_dir() for words in arrivals.links(drop)]
    return problems + linked + arrivals.unnamed(folder, named, str(office.quarter))


def _there_after_all(office: Configuration, folder: Path) -> Iterator[str]:
    """Yield the tables whose files are there although the parameters say that they are awaited, or come no more."""
    path, quarter = office.project.params(office.quarter), office.quarter
    lines = read_yaml(path)[1] if office.parameters.not_supplied else {}
    for table in sorted(office.parameters.not_supplied):
        spec, status = office.plan.tables[table], office.parameters.availability[table].status
        there = [file.name for file in sorted(folder.glob("*")) if spec.holds(file.name) and file.is_file()]
        if there:
            yield (
                f"{shown(path)}, line {lines['availability', table]}: {table} is {status}, and {', '.join(there)} was "
                f"received. Remove the status and type make receive Q={quarter}, or take the file out."
            )


def _entry_problems(office: Configuration, name: str, source: Source) -> Iterator[str]:
    """Yield where the entry of a table contradicts the plan or the quarter's parameters."""
    spec = office.plan.tables[source.table]
    if name != spec.pattern:
        yield f"table {source.table!r} is {name}, the plan expects {spec.pattern}. Make them agree."
    if isinstance(source.sha256, str) and source.sha256 != NOT_RECEIVED and spec.is_pattern:
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
    quarter = str(office.quarter)
    if not checksums:
        yield arrivals.missing(folder / name, NOT_RECEIVED, source.supplier, quarter)
    for file, expected in checksums.items():
        path = folder / file
        if not path.is_file():
            yield arrivals.missing(path, expected, source.supplier, quarter)
        elif (checksum := digest(path)) != expected:
            yield arrivals.differs(path, checksum, expected, quarter)
    unlisted = [
        path for path in sorted(folder.iterdir()) if path.name not in checksums and arrivals.fits(path.name, name)
    ]
    for path in unlisted:
        yield f"{shown(path)}: sources.yml does not list this file yet. Type make receive Q={quarter}"


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
