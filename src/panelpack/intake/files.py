"""Files: whether each of a supplier's is the one received, and the tables that we wrote."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from panelpack.config.configuration import Configuration
from panelpack.config.guarded import why_guarded
from panelpack.config.parameters import Parameters, load_parameters
from panelpack.config.plan import Plan
from panelpack.config.plan_checks import load_plan
from panelpack.config.sources import NOT_RECEIVED, SOURCES_FILE, Source
from panelpack.config.strict_yaml import load, read_yaml
from panelpack.errors import ConfigurationError, SourceError, shown
from panelpack.intake import arrivals
from panelpack.intake.receiving import Listed
from panelpack.intake.salts import keyed_digest, read_salt
from panelpack.periods import Quarter
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
    problems += [words for drop in (folder, before) if drop.is_dir() for words in arrivals.links(drop)]
    problems += arrivals.unnamed(folder, named, str(office.quarter))
    corrections = office.project.guarded_corrections(office.quarter)
    if corrections.is_file() and not read_salt(corrections):
        problems.append(f"{shown(corrections)}: it has no salt. Type make receive Q={office.quarter}, which draws one.")
    return problems + list(_earlier_problems(office, office.quarter.shift(-1)))


def _earlier_problems(office: Configuration, before: Quarter) -> Iterator[str]:
    """Yield the files of the quarter before whose record would give them away, or cannot be kept.

    They are inputs of this quarter too, so its manifest says what they are.
    """
    folder = office.project.raw(before)
    try:
        files = load(folder / SOURCES_FILE, Listed).files
    except ConfigurationError:
        return  # a query asks about it, and of no file there anything is published
    plan, parameters = _declared_then(office, before)
    for name, source in files.items():
        why, given = why_guarded(source, plan, parameters) or (source.is_keyed and "guarded"), source.gives_away
        if why and given:
            yield arrivals.gives_away(shown(folder / SOURCES_FILE), name, why, given, str(before))
        elif source.is_keyed:
            yield from _unsalted(folder, name, source)


def _declared_then(office: Configuration, before: Quarter) -> tuple[Plan, Parameters | None]:
    """Return the plan and the parameters of the quarter before, as far as they are there and can be read."""
    project, plan = office.project, office.plan
    try:
        if project.plan(before) != project.plan(office.quarter):
            plan = load_plan(project.plan(before), *project.layouts)
        return plan, load_parameters(project.params(before), before, plan)
    except ConfigurationError:
        return plan, None


def _unsalted(folder: Path, name: str, source: Source) -> Iterator[str]:
    """Yield the guarded files of an entry that are there without their salt."""
    digests = source.digests if isinstance(source.digests, dict) else {name: source.digests}
    for path in (folder / file for file, known in digests.items() if known != NOT_RECEIVED):
        try:
            if path.is_file() and not read_salt(path):
                yield arrivals.unsalted(path)
        except SourceError as error:
            yield str(error)


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
    if isinstance(source.digests, str) and source.digests != NOT_RECEIVED and spec.is_pattern:
        kind = arrivals.KEYED if source.is_keyed else arrivals.PLAIN
        yield f"{name}: one {kind} is given, expected one for each file's name: the plan gives a pattern. Correct it."
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
    digests, kind = source.digests or {}, arrivals.KEYED if source.is_keyed else arrivals.PLAIN
    checksums = {name: digests} if isinstance(digests, str) else digests
    quarter = str(office.quarter)
    if (why := office.why_guarded(source)) and (given := source.gives_away):
        yield arrivals.gives_away(shown(folder / SOURCES_FILE), name, why, given, quarter)
        return  # to compare it would print its plain checksum
    if not checksums:
        yield arrivals.missing(folder / name, NOT_RECEIVED, source.supplier, quarter)
    for file, expected in checksums.items():
        path = folder / file
        if not path.is_file():
            yield arrivals.missing(path, expected, source.supplier, quarter, kind)
        elif why and expected == NOT_RECEIVED:
            yield arrivals.differs(path, "", expected, quarter)
        elif source.is_keyed:
            yield from _keyed_problems(path, expected, quarter)
        elif (checksum := digest(path)) != expected:
            yield arrivals.differs(path, checksum, expected, quarter)
    unlisted = [
        path for path in sorted(folder.iterdir()) if path.name not in checksums and arrivals.fits(path.name, name)
    ]
    for path in unlisted:
        yield f"{shown(path)}: sources.yml does not list this file yet. Type make receive Q={quarter}"


def _keyed_problems(path: Path, expected: str, quarter: str) -> Iterator[str]:
    """Yield where a guarded file is not the one that was received, or nobody can say whether it is."""
    try:
        salt = read_salt(path)
        if not salt and expected != NOT_RECEIVED:
            yield arrivals.unsalted(path)
        elif (found := keyed_digest(path, salt) if salt else "") != expected:
            yield arrivals.keyed_differs(path, found, expected, quarter)
    except SourceError as error:
        yield str(error)


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
