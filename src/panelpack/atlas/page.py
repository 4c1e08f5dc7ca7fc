"""The page of an atlas: one file without script that opens from a folder, with every force and a link to every pack."""

import os
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

import pandas as pd

from panelpack.atlas.coverage import Coverage, coverage_html, coverage_of
from panelpack.atlas.index import FILE
from panelpack.atlas.official_figures import NO_REGION, OfficialFigures, read_figures
from panelpack.atlas.progress import counted
from panelpack.atlas.section import section_html, verdicts_of
from panelpack.comparators.comparison import forces_words
from panelpack.formats import listed, number
from panelpack.intake.published_table import PublishedTable
from panelpack.new_office.measure_list import Measure, read_measures
from panelpack.new_office.offences import choices_of
from panelpack.periods import Quarter, year_label
from panelpack.project import Project
from panelpack.rendering.assets import asset
from panelpack.rendering.html import html_pieces
from panelpack.rendering.paper import Paper
from panelpack.rendering.prose import Facts, Text

PAGE = "index.html"
STYLE = "atlas.css"
MARKED = "--ring:2px solid;--ground:#ffe58a;--thick:3;--line:#16202b"  # what the style of a chosen force reads
# The page fetches nothing and runs nothing; its style and its letters are in it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"


def write_page(
    folder: Path,
    table: PublishedTable,
    index: pd.DataFrame,
    software: Project,
    *,
    release: str,
    baseline: int,
    measures: Sequence[Measure] | None = None,
) -> Path:
    """Write the page beside the index of a release, beside it first and then renamed: the same index, the same bytes.

    table: the official table that the packs were made from. index: as read_index gives it. release: the table's release
    in words. baseline: the financial year that the packs compare with, by the year in which it starts.
    measures: the list that the packs were made by, by default the shipped one. The figures are up to the last quarter
    of the index that the table has. Raises SourceError and ConfigurationError for the tables of data/comparators.
    """
    text = "".join(page_pieces(folder, table, index, software, release=release, baseline=baseline, measures=measures))
    beside = folder / f".{PAGE}.new"
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, folder / PAGE)
    return folder / PAGE


def page_pieces(
    folder: Path,
    table: PublishedTable,
    index: pd.DataFrame,
    software: Project,
    *,
    release: str,
    baseline: int,
    measures: Sequence[Measure] | None = None,
) -> Iterator[str]:
    """Yield the page in pieces; otherwise as `write_page`."""
    if measures is None:
        measures, _ = read_measures(software.usual_measures, choices_of(table.rows, table.columns), any_force=True)
    in_table = sorted(set(table.rows[table.spec.period_column]))
    last = max(set(index["quarter"]).intersection(in_table), default=in_table[-1])
    figures = read_figures(software, table, measures, last, baseline)
    coverage = coverage_of(folder, index, figures.forces)
    body = "\n".join(_body(figures, coverage, index, release, baseline))
    title = f"Atlas of recorded crime: {number(len(figures.forces))} forces"
    about = Paper(
        title,
        edition=f"Release of {release}, up to {figures.last.words}",
        notice="Made from public data by software. No office wrote or approved these packs: each is a draft.",
    )
    style = asset(STYLE) + _marked(figures.forces, coverage)
    yield from html_pieces([body], about, more_style=style, policy=POLICY)


# ------------------------------------------------------------------------------------------------------- the words
def _body(
    figures: OfficialFigures, coverage: Coverage, index: pd.DataFrame, release: str, baseline: int
) -> Iterator[str]:
    yield '<h2 id="about">What this is</h2>'
    yield from _about(figures, coverage, release, baseline)
    yield _chooser(figures.forces)
    yield '<h2 id="packs">The packs</h2>'
    yield coverage_html(coverage)
    yield '<h2 id="how-to-read">How to read the charts</h2>'
    yield Text(HOW_TO_READ).html()
    quarter = str(figures.last)
    for place, measure in enumerate(figures.measures, start=1):
        yield from section_html(measure, figures, verdicts_of(index, measure.id, quarter), quarter, f"s{place}")


HOW_TO_READ = """\
- **Each force a line.** All lines of a measure are drawn to one scale, so a height means the same in each. The grey
  line behind each is that of all forces together. Forces stand in the order of regions and of names, never of their
  figures: no force has a rank.
- **The funnel.** Every force is a mark: how large it is from left to right, its rate upwards; the line *all* is the
  rate of all together. Forces differ by more than chance, for they are different places, and the limits allow for that:
  of forces that differ as forces do anyway about 95 in 100 lie in the grey band (95%), 998 in 1,000 between the dotted
  lines (99.8%). A force outside the band is a filled diamond with its name. Why it is there is a question for its
  panel, and no verdict.
- **Better and worse** are words of the packs alone. A pack judges a force against its own past, never against another.
- **How fully offences are recorded** differs between forces and over the years. A higher figure may be better
  recording."""


def _about(figures: OfficialFigures, coverage: Coverage, release: str, baseline: int) -> Iterator[str]:
    source = figures.source.source
    made = coverage.words
    yield Text(
        f"For {counted(len(coverage.forces), 'police force')} and {counted(len(coverage.quarters), 'quarter')}, the "
        "performance pack that can be made from public data alone, and below it what the same data say of every force "
        "side by side. Choose a force to find it in every chart."
    ).html()
    asked = [quarter for quarter in (coverage.quarters[:1] + coverage.quarters[-1:])]
    span = " to ".join(dict.fromkeys(Quarter.parse(quarter).words for quarter in asked)) or "none"
    yield Facts(
        [
            ("Data", f"{source.title}, release of {release}. {source.licence}."),
            (
                "Packs",
                f"{made[:1].upper()}{made[1:]} were made" + (" ([why not all](#not-made))" if coverage.red else ""),
            ),
            ("Quarters", span),
            ("Compared with", f"the financial year {year_label(baseline)}, and other forces"),
            ("All figures", f"[{FILE}]({FILE}): a row a force, quarter and indicator, with the seal of each pack"),
        ]
    ).html()
    yield "<h3>What is assumed</h3>"
    yield Text("\n".join(f"- {line}" for line in _assumed(figures))).html()


def _assumed(figures: OfficialFigures) -> Iterator[str]:
    yield (
        "Every quarter is counted as this release has it, later corrections included. At its time a pack would have "
        "shown other counts."
    )
    people = [measure.per for measure in figures.measures if measure.per.what == "people"]
    homes = [measure for measure in figures.measures if measure.per.what == "households"]
    if people:
        yield (
            f"Rates are per 1,000 people who lived in the area ({people[0].vintage.words}), the same number in every "
            "year, so that a line moves with offences alone."
        )
    if homes:
        titles = listed([m.title for m in homes])
        yield f"{titles}: per 1,000 households ({homes[0].per.vintage.words})."
    unrated = {str(force) for m in figures.measures for force in m.forces.index[m.forces["size"].isna()]}
    small = [force for force, region in figures.forces.items() if force in unrated and region != NO_REGION]
    unknown = [force for force, region in figures.forces.items() if region == NO_REGION]
    if small:
        yield (
            f"{forces_words(small)}: no rate, for far more people are there by day than live there. The counts stand "
            "in the tables, and the packs are made."
        )
    if unknown:
        yield f"{forces_words(unknown)}: no rate, for the table of residents does not have them."
    yield from figures.left_out
    yield "Which way is better, and what is compared with what, is what the list of measures says."


# ------------------------------------------------------------------------------------------------------- a force
def _chooser(regions: Mapping[str, str]) -> str:
    """Return a choice of one force, which the style marks in every chart and table: no script."""
    parts = [
        '<form class="chooser"><fieldset><legend>Mark one force in every chart and table of this page</legend>',
        '<p><label><input type="radio" name="force" checked> none</label></p><dl>',
    ]
    number_of = {force: place for place, force in enumerate(regions, start=1)}
    for region, forces in groupby(regions, key=regions.__getitem__):
        labels = "".join(
            f'<label><input type="radio" name="force" id="f{number_of[force]}"> {escape(forces_words([force]))}</label>'
            for force in forces
        )
        parts.append(f"<div><dt>{escape(region)}</dt><dd>{labels}</dd></div>")
    return "".join([*parts, "</dl></fieldset></form>"])


def _marked(regions: Mapping[str, str], coverage: Coverage) -> str:
    """Return the style that marks the chosen force wherever it stands: its place is the same in every list."""
    rules = []
    row = 0
    in_grid = {force: place for place, force in enumerate(_with_groups(coverage.forces, coverage.regions), start=1)}
    every = list(regions)
    for place, (_, forces) in enumerate(groupby(every, key=regions.__getitem__), start=1):
        row += 1  # of the region
        for inside, force in enumerate(forces, start=1):
            row += 1
            chosen = f":root:has(#f{every.index(force) + 1}:checked)"
            where = [
                f".multiples>li:nth-child({place})>ul>li:nth-child({inside})",
                f".figures tbody tr:nth-child({row})",
                f".dots>:nth-child({every.index(force) + 1})",
            ]
            if force in in_grid:
                where.append(f".grid tbody tr:nth-child({in_grid[force]})")
            rules.append(
                f"{chosen} :is({','.join(where)}){{--ring:2px solid;--ground:#ffe58a;--thick:3;--line:#16202b}}"
            )
    years = dict.fromkeys(Quarter.parse(quarter).year for quarter in coverage.quarters)
    heads = [
        f'.grid td:nth-child({place})::before{{content:"{year_label(year)}"}}' for place, year in enumerate(years, 2)
    ]
    return "\n".join([*rules, "@media (max-width: 48rem) {", *heads, "}"]) + "\n"


def _with_groups(forces: Sequence[str], regions: Mapping[str, str]) -> Iterator[str]:
    """Yield forces as they stand in a table, with a row above each region."""
    for region, of_region in groupby(forces, key=regions.__getitem__):
        yield f"region {region}"
        yield from of_region
