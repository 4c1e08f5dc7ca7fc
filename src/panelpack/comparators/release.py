"""A release of the official table of recorded crime, from one or several files, as rows of every force.

Several files are parts of one release: of what two of them hold, both must say the same.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from panelpack.config.official import OFFENCES_FILE, ComparatorTable
from panelpack.errors import ConfigurationError, SourceError, shown
from panelpack.intake.heads import needed_heads
from panelpack.intake.published_table import read_published
from panelpack.project import Project

FORCES_QUARTER = ["quarter", "force"]
ROW = [*FORCES_QUARTER, "description", "code"]  # what tells rows apart


def read_release(software: Project, paths: Sequence[Path], table: ComparatorTable) -> pd.DataFrame:
    """Return the rows of a release: quarter, force, description, group, subgroup, code, offences.

    Raises SourceError for a file that is not the official table, for a row that stands twice in one file, and where two
    files give a row differently.
    """
    parts = [_typed(software, path, table) for path in paths]
    for place, part in enumerate(parts):
        for other in range(place):
            _refuse_two_releases(paths[other], parts[other], paths[place], part)
    return pd.concat(parts, ignore_index=True).drop_duplicates(ROW, ignore_index=True)


def _typed(software: Project, path: Path, table: ComparatorTable) -> pd.DataFrame:
    published = read_published(software, path)
    if strangers := [name for name in table.columns.model_dump().values() if name not in needed_heads(published.spec)]:
        raise ConfigurationError(
            f"{shown(software.comparators / OFFENCES_FILE)}, columns: {strangers[0]!r} was found, expected a head of "
            f"the official table: {', '.join(needed_heads(published.spec))}. Correct the name."
        )
    return published.typed()[[*ROW, "group", "subgroup", "offences"]]


def _refuse_two_releases(path: Path, part: pd.DataFrame, other_path: Path, other: pd.DataFrame) -> None:
    """Refuse two files of which one has a row of a force's quarter that the other, which has that quarter, lacks; or
    which give a row differently.
    """
    keys = [pd.MultiIndex.from_frame(frame[FORCES_QUARTER]) for frame in (part, other)]
    both = keys[0].intersection(keys[1])
    here, there = (frame[key.isin(both)].set_index(ROW) for frame, key in zip((part, other), keys, strict=True))
    if len(apart := here.index.symmetric_difference(there.index)):
        alone = path if apart[0] in here.index else other_path
        found = f"{_row(dict(zip(ROW, apart[0], strict=True)))} stands in {alone.name} alone"
    else:
        differs = (here != there.reindex(here.index)).any(axis="columns")
        if not differs.any():
            return
        row = here.index[differs][0]
        values = [", ".join(map(str, frame.loc[[row]].iloc[0])) for frame in (here, there)]
        name = _row(dict(zip(ROW, row, strict=True)))
        found = f"{name} is {values[0]} in {path.name} and {values[1]} in {other_path.name}"
    raise SourceError(f"DATA: {found}, expected the same in both. Give files of one release.")


def _row(row: Mapping[str, Any]) -> str:
    return f"{row['description']!r} of {row['force']!r} in {row['quarter']}"
