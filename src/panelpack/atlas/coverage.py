"""Which packs there are: a grid of forces and quarters with a link to each pack, and in words why one was not made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from panelpack.atlas.official_figures import NO_REGION
from panelpack.comparators.comparison import forces_words
from panelpack.formats import listed, number
from panelpack.periods import Quarter, year_label

PACK = "pack/panel-pack.html"  # of a pack's outputs
MANY_YEARS = 8  # from so many on the quarters of a year stand two above two
LONGEST = 400  # characters of a reason; the index has the whole


@dataclass(frozen=True)
class Cell:
    """One force and quarter. link: to the pack from the page, '' where it is not there; why: '' where it was made."""

    force: str
    quarter: str
    link: str = ""
    why: str = ""


@dataclass(frozen=True)
class Coverage:
    """The packs of an index, by force and quarter. regions: of each force, in the order of the page."""

    cells: Mapping[tuple[str, str], Cell]
    quarters: tuple[str, ...]
    regions: Mapping[str, str]

    @property
    def forces(self) -> list[str]:
        """The forces that were asked for, in the order of the page."""
        asked = {force for force, _ in self.cells}
        return [force for force in self.regions if force in asked]

    @property
    def red(self) -> list[Cell]:
        """The packs that were not made, in the order of forces and quarters."""
        every = (self.cells.get((force, quarter)) for force in self.forces for quarter in self.quarters)
        return [cell for cell in every if cell and cell.why]

    @property
    def words(self) -> str:
        """'342 of 344 packs', 'all 344 packs': how many were made."""
        made, asked = len(self.cells) - len(self.red), len(self.cells)
        if made == asked:
            return f"all {number(asked)} packs" if asked != 1 else "the one pack"
        return f"{number(made)} of {number(asked)} packs"


def coverage_of(folder: Path, index: pd.DataFrame, regions: Mapping[str, str]) -> Coverage:
    """Return the packs of an index. folder: where the index and the page lie; regions: of the table's forces, in order.

    A force of the index that the table does not have follows the others, with the region that the index gives it.
    """
    cells = {}
    known = dict(regions)
    for row in index.drop_duplicates(["force", "quarter"]).sort_values(["region", "force"]).itertuples():
        known.setdefault(row.force, row.region or NO_REGION)
    worst = index.sort_values("exit", ascending=False, kind="stable").drop_duplicates(["force", "quarter"])
    for row in worst.itertuples():
        path = f"{row.folder}/outputs/{row.quarter}/{PACK}"
        link = quote(path) if row.folder and not row.exit and (folder / path).is_file() else ""
        why = (row.message.strip() or f"The command ended with {row.exit} and said nothing.") if row.exit else ""
        cells[row.force, row.quarter] = Cell(row.force, row.quarter, link, why)
    return Coverage(cells, _span(sorted({quarter for _, quarter in cells})), known)


def _span(quarters: list[str]) -> tuple[str, ...]:
    """Return every quarter from the first to the last."""
    if not quarters:
        return ()
    every = [Quarter.parse(quarters[0])]
    while str(every[-1]) != quarters[-1]:
        every.append(every[-1].shift(1))
    return tuple(map(str, every))


def coverage_html(coverage: Coverage) -> str:
    """Return the grid, and below it why packs were not made."""
    if not coverage.cells:
        return "<p>No pack was asked for yet.</p>"
    years = {
        year: list(quarters) for year, quarters in groupby(coverage.quarters, lambda label: Quarter.parse(label).year)
    }
    two = " two" if len(years) >= MANY_YEARS else ""
    heads = "".join(f'<th scope="col" role="columnheader">{year_label(year)}</th>' for year in years)
    key = ['<li><span class="box made">1</span> made, with a link to the pack']
    if any(not cell.link and not cell.why for cell in coverage.cells.values()):
        key.append('<li><span class="box away">1</span> made; the pack itself does not lie beside this page')
    if coverage.red:
        key.append('<li><span class="box red">✕</span> not made, with a link to the reason')
    if len(coverage.cells) < len(coverage.forces) * len(coverage.quarters):
        key.append('<li><span class="box none"></span> not asked for')
    return "\n".join(
        [
            f'<ul class="key" aria-label="Key to the grid">{"".join(key)}</ul>',
            f'<div class="table"><table role="table" class="grid{two}"><caption>Packs by force and financial year; the '
            "figures 1 to 4 are its quarters, 1 is April to June</caption>",
            f'<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Force</th>{heads}</tr></thead>',
            '<tbody role="rowgroup">',
            *_rows(coverage, years),
            "</tbody></table></div>",
            *_reasons(coverage),
        ]
    )


def _rows(coverage: Coverage, years: Mapping[int, list[str]]) -> Iterator[str]:
    for region, forces in groupby(coverage.forces, key=coverage.regions.__getitem__):
        yield _group(region, len(years) + 1)
        for force in forces:
            cells = (
                f'<td role="cell">{"".join(_box(coverage, force, quarter) for quarter in quarters)}</td>'
                for quarters in years.values()
            )
            yield f'<tr role="row"><th scope="row" role="rowheader">{_name(force)}</th>{"".join(cells)}</tr>'


def _group(region: str, columns: int) -> str:
    return (
        f'<tr role="row" class="group"><th scope="colgroup" role="columnheader" colspan="{columns}">'
        f"{escape(region)}</th></tr>"
    )


def _box(coverage: Coverage, force: str, quarter: str) -> str:
    cell, which = coverage.cells.get((force, quarter)), Quarter.parse(quarter)
    if cell is None:
        return '<span class="box none"></span>'
    said = f"{_name(force)} Q{which.number} {year_label(which.year)}"
    if cell.why:
        return f'<a class="red" href="#{_anchor(cell)}" aria-label="{said}: not made, why">✕</a>'
    if not cell.link:
        return f'<span class="box away">{which.number}</span>'
    return f'<a href="{cell.link}" aria-label="{said}">{which.number}</a>'


def _name(force: str) -> str:
    return escape(forces_words([force]))


def _anchor(cell: Cell) -> str:
    letters = "".join(letter if letter.isalnum() else "-" for letter in cell.force.lower())
    return f"why-{letters}-{cell.quarter}".lower()


def _reasons(coverage: Coverage) -> Iterator[str]:
    """Yield the table of reasons: a row for each force and reason, with the quarters that it is of."""
    if not coverage.red:
        return
    count = len(coverage.red)
    yield '<h3 id="not-made">Why packs were not made</h3>'
    yield (
        f"<p>{number(count)} pack{'s were' if count > 1 else ' was'} not made: one that fails a check is not made in "
        "part. What the command said stands here; of a long message the index has the whole.</p>"
    )
    yield '<div class="table"><table role="table" class="stack"><caption>Packs that were not made</caption>'
    heads = ("Force", "Quarters", "What was found, and what to do")
    row = "".join(f'<th scope="col" role="columnheader">{head}</th>' for head in heads)
    yield f'<thead role="rowgroup"><tr role="row">{row}</tr></thead><tbody role="rowgroup">'
    reasons: dict[tuple[str, str], list[Cell]] = {}
    for cell in coverage.red:
        reasons.setdefault((cell.force, cell.why), []).append(cell)
    for (force, why), cells in reasons.items():
        anchors = "".join(f'<span id="{_anchor(cell)}"></span>' for cell in cells[1:])
        quarters = listed([Quarter.parse(cell.quarter).words for cell in cells])
        yield (
            f'<tr role="row" id="{_anchor(cells[0])}"><th scope="row" role="rowheader">{anchors}{_name(force)}</th>'
            f'<td role="cell" data-label="Quarters">{escape(quarters)}</td>'
            f'<td role="cell" data-label="{heads[2]}">{_reason(why)}</td></tr>'
        )
    yield "</tbody></table></div>"


def _reason(why: str) -> str:
    """Return the first lines of a message, cut where it is long, for the page."""
    short = why if len(why) <= LONGEST else f"{why[:LONGEST].rsplit(' ', 1)[0]} …"
    more = len(why.splitlines()) - len(short.splitlines())
    lines = [escape(line) for line in short.splitlines() if line.strip()]
    if more > 0:
        lines.append(f"({number(more)} more line{'s' * (more > 1)} in the index)")
    return "<br>".join(lines)
