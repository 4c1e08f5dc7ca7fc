"""`make comparators`: the tables of data/comparators, from the files of a release of the official table."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from panelpack.comparators.counts import COUNTS_FILE, GAPS_FILE, MOVES_FILE
from panelpack.comparators.derived import Derived, derive
from panelpack.comparators.moves import move_words
from panelpack.comparators.release import read_release
from panelpack.config.official import (
    COMPARATORS_INPUTS,
    COMPARATORS_MADE_FROM,
    OFFENCES_FILE,
    ComparatorsMadeFrom,
    ComparatorTable,
    load_comparator_table,
    load_comparators_made_from,
)
from panelpack.errors import ConfigurationError, SourceError, UsageError, shown
from panelpack.formats import listed, number
from panelpack.project import Project, digest, sha256

SHOWN = 6  # forces' quarters that lack kinds, of which a line each is printed


def make_comparators(software: Project, data: str) -> list[str]:
    """Make the tables of data/comparators from one or several files of the official table; say what was found.

    data: paths with commas between them. Every table is written, or none. Raises UsageError for paths that are none,
    SourceError for files that are not the official table or not of one release, ConfigurationError for offences.yml.
    """
    paths = _paths(data)
    folder = software.comparators
    table = load_comparator_table(folder)
    before = _made_before(folder)
    derived = derive(read_release(software, paths, table))
    _refuse_strangers(table, derived, folder / OFFENCES_FILE)
    files = {
        COUNTS_FILE: _csv(derived.counts.astype("Int64").reset_index()),
        MOVES_FILE: _csv(derived.moves),
        GAPS_FILE: _csv(derived.gaps),
    }
    made_from = ComparatorsMadeFrom(
        sources={path.name: digest(path) for path in paths},
        inputs={name: digest(folder / name) for name in COMPARATORS_INPUTS},
        tables={name: sha256(content) for name, content in files.items()},
    )
    files[COMPARATORS_MADE_FROM] = _made_from_text(made_from).encode("utf-8")
    _write(folder, files)
    return [*_found(table, derived, made_from), *_renewed(table, made_from, before), *_made(software, files)]


def _paths(data: str) -> list[Path]:
    names = [name.strip() for name in data.split(",") if name.strip()]
    if not names:
        raise UsageError(
            "DATA is missing: expected the file of the official table, or its files with commas between them. Type "
            "make comparators DATA=FILE"
        )
    paths = [Path(name).expanduser() for name in names]
    if twice := sorted({path.name for path in paths if [p.name for p in paths].count(path.name) > 1}):
        raise UsageError(f"DATA: two files are called {twice[0]!r}, expected a name each. Rename one.")
    return paths


def _refuse_strangers(table: ComparatorTable, derived: Derived, path: Path) -> None:
    """Refuse a break that is of no subgroup of the table, within whose quarters it lies. Raises ConfigurationError."""
    labels, subgroups = derived.counts.index.unique("quarter"), _subgroups(derived)
    for one in table.breaks:
        if labels[0] < one.first <= labels[-1] and not subgroups & set(one.subgroups):
            raise ConfigurationError(
                f"{shown(path)}, breaks, from {one.first}: {one.subgroups[0]!r} was found, expected a subgroup of the "
                f"table: {', '.join(sorted(subgroups))}. Correct the name."
            )


def _subgroups(derived: Derived) -> set[str]:
    return {str(kind).partition(": ")[2] for kind in derived.counts.columns}


def _made_before(folder: Path) -> ComparatorsMadeFrom | None:
    if not (folder / COMPARATORS_MADE_FROM).exists():
        return None
    return load_comparators_made_from(folder)


# ------------------------------------------------------------------------------------------------ writing and telling
def _csv(frame: pd.DataFrame) -> bytes:
    return str(frame.to_csv(index=False, lineterminator="\n")).encode("utf-8")


def _made_from_text(made_from: ComparatorsMadeFrom) -> str:
    lines = [
        "# Written by make comparators: the sha256 of each file of the official table, of what lies beside it, and of",
        "# each table made.",
    ]
    for name, of in made_from.model_dump().items():
        lines += [f"{name}:", *(f'  {file}: "{checksum}"' for file, checksum in of.items())]
    return "\n".join(lines) + "\n"


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write every file beside its place first, so that each changes at once; last the record that all are held to."""
    parts = {folder / name: folder / f"{name}.part" for name in files}
    try:
        for path, part in parts.items():
            part.write_bytes(files[path.name])
        for path, part in parts.items():
            os.replace(part, path)
    except OSError as error:
        raise SourceError(f"{shown(folder)}: it cannot be written ({error.strerror}). Correct that.") from None
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _found(table: ComparatorTable, derived: Derived, made_from: ComparatorsMadeFrom) -> Iterator[str]:
    counts = derived.counts
    labels, forces = counts.index.unique("quarter"), counts.index.unique("force")
    yield f"{table.source.title}, release of {table.source.release}:"
    yield from (f"  {name}: sha256 {checksum}" for name, checksum in made_from.sources.items())
    kinds = f"{number(len(counts.columns))} kinds of offences"
    yield f"  {number(len(forces))} forces, {labels[0]} to {labels[-1]}, {kinds}"
    ends = counts.reset_index().groupby("force")["quarter"].max()
    if len(early := ends[ends < labels[-1]]):
        yield f"  {number(len(early))} of them end before: {listed(sorted({f'in {label}' for label in early}))}"
    for one in table.left_out:
        if not _subgroups(derived) & set(one.subgroups):
            yield f"  without {listed(list(one.subgroups))}, which {OFFENCES_FILE} leaves out of every comparison"
    yield "Offences that change their kind:" if len(derived.moves) else "No offence changes its kind."
    for move in derived.moves.to_dict("records"):
        yield f"  {move_words(move)}"
    if derived.gaps.empty:
        yield "No force has fewer kinds of offences in a quarter than the others."
        return
    accepted = {(one.force, one.quarter) for one in table.accepted}
    yield "Forces' quarters with fewer kinds of offences than most; compared only where offences.yml accepts them:"
    for gap in derived.gaps.head(SHOWN).to_dict("records"):
        is_accepted = (gap["force"], gap["quarter"]) in accepted
        yield f"  {gap['force']}, {gap['quarter']}: {gap['kinds']} of {gap['usual']}{', accepted' * is_accepted}"
    if (more := len(derived.gaps) - SHOWN) > 0:
        yield f"  {number(more)} more, in {GAPS_FILE}"


def _renewed(table: ComparatorTable, made_from: ComparatorsMadeFrom, before: ComparatorsMadeFrom | None) -> list[str]:
    if before is None or before.sources == made_from.sources:
        return []
    return [
        f"These are other files than before. If they are of another release than {table.source.release}, write it into "
        f"{OFFENCES_FILE}, and make the tables again."
    ]


def _made(software: Project, files: Mapping[str, bytes]) -> Iterator[str]:
    yield from (f"made {software.name(software.comparators / name)}" for name in files)
