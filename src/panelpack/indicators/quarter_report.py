"""What a notebook starts from: a quarter's configuration, data and results, found from any folder of the project."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import pandas as pd

from panelpack.comparators.comparison import Comparison, compare_with_others
from panelpack.comparators.counts import OfficialCounts, read_official_counts_of_forces
from panelpack.config.commentary import Paragraph
from panelpack.config.configuration import Configuration
from panelpack.config.parameters import Parameters
from panelpack.config.plan import Indicator, Measure, Plan, Priority
from panelpack.disclosure.restated import RESTATED_COLUMNS as RESTATED
from panelpack.disclosure.restated import revised_points
from panelpack.indicators.compared_totals import COMPARED_COLUMNS, compared_totals
from panelpack.indicators.comparisons import COMPARISONS, more_than_chance
from panelpack.indicators.compute import compute
from panelpack.indicators.quarter_data import QuarterData, read_prepared
from panelpack.indicators.reference_tables import (
    read_false_alarms,
    read_false_verdicts,
    read_ordinary_movement,
    read_recorded_later,
)
from panelpack.indicators.references import Resolver, without_markdown
from panelpack.indicators.results import IndicatorResult, count_verdicts, read_results, write_results
from panelpack.indicators.shown_series import SHOWN_COLUMNS, shown_series
from panelpack.intake.files import read_table
from panelpack.periods import Quarter
from panelpack.project import Project

COMMENTARY = ["paragraph", "section", "priority", "text", "indicators", "origin", "figures"]
COMPARISONS_FOLDER = "comparisons"  # below data/processed/<quarter>: a file a box
COMPARED_FOLDER, SHOWN_FOLDER = "compared", "shown"  # below data/processed/<quarter>: a file a box
RESTATED_FOLDER = "revisions"  # below data/processed/<quarter>: a file a table


class QuarterReport:
    """A quarter's report in the making: results are computed when asked for, or read where they were saved."""

    def __init__(self, quarter: str, *, project: Project | None = None, written: bool = False):
        """Open a quarter by its label, for '' the one that Q names, else the latest.

        With `written`, take the results that the priority notebooks saved.
        """
        at = project or Project.here()
        self.office = Configuration.read(at, at.reported(quarter))
        self._written = written
        self._results: dict[str, IndicatorResult] = {}
        self._others: dict[str, Comparison | None] = {}
        self._restated: dict[str, pd.DataFrame] = {}

    @property
    def project(self) -> Project:
        """Where everything lies."""
        return self.office.project

    @property
    def quarter(self) -> Quarter:
        """The reported quarter."""
        return self.office.quarter

    @property
    def plan(self) -> Plan:
        """params/plan.yml."""
        return self.office.plan

    @property
    def parameters(self) -> Parameters:
        """params/<quarter>.yml."""
        return self.office.parameters

    @property
    def folder(self) -> Path:
        """data/processed/<quarter>."""
        return self.project.processed(self.quarter)

    @cached_property
    def data(self) -> QuarterData:
        """The prepared series, and what past projections teach."""
        return read_prepared(self.office)

    @cached_property
    def resolver(self) -> Resolver:
        """Resolves references with this quarter's results."""
        return Resolver(self.office, self.result, self.headline)

    @cached_property
    def recorded_later(self) -> pd.DataFrame:
        """What was recorded after the quarter that it projects, for reviewers."""
        return read_recorded_later(self.project.later(self.quarter))

    @cached_property
    def false_alarms(self) -> pd.DataFrame:
        """How often control charts of stable series raise an alarm, simulated."""
        return read_false_alarms(self.project.false_alarms)

    @cached_property
    def false_verdicts(self) -> pd.DataFrame:
        """How often counts of an unchanged level are called changed, simulated."""
        return read_false_verdicts(self.project.false_verdicts)

    @cached_property
    def ordinary_movement(self) -> pd.DataFrame:
        """How often what forces did is called changed, measured on the official counts, for reviewers."""
        return read_ordinary_movement(self.project.ordinary_movement)

    @property
    def has_printed_paper(self) -> bool:
        """Whether a printed paper of the quarter is at hand, to hold the results to."""
        return self.project.published(self.quarter).exists()

    def name_of(self, box: Priority) -> str:
        """Return what the office calls a priority, with its number: 'Priority 14A'."""
        return f"{self.plan.office.priority_word} {box.number}"

    # ------------------------------------------------------------------------------------ results
    def result(self, indicator: str) -> IndicatorResult:
        """Return the result of one indicator or measure."""
        if indicator not in self._results:
            box = next(p for p in self.plan.priorities if any(f.id == indicator for f in p.figures))
            if self._written:
                results = read_results(self._results_file(box))
            else:
                standing_out = more_than_chance(self.comparisons_of(box))
                results = [compute(figure, box.id, self.data, standing_out) for figure in box.figures]
            self._results |= {result.indicator: result for result in results}
        return self._results[indicator]

    def results_of(self, box: Priority) -> list[IndicatorResult]:
        """Return a box's results: its indicators, then its measures."""
        return [self.result(figure.id) for figure in box.figures]

    def indicators(self) -> list[IndicatorResult]:
        """Return the result of every row of the dashboard, in the plan's order."""
        return [result for box in self.plan.priorities for result in self.results_of(box) if not result.measure]

    def headline(self) -> dict[str, float]:
        """Return the headline's counts and shares."""
        return count_verdicts(self.indicators())

    def comparisons_of(self, box: Priority) -> pd.DataFrame:
        """Return which of a box's comparisons are more than chance gives, among all of the pack."""
        path = self.folder / COMPARISONS_FOLDER / f"{box.id}.csv"
        return read_table(path, COMPARISONS, "Run the prepare notebook.", what="comparisons")

    # ------------------------------------------------------------------------------------ other forces
    @cached_property
    def official_counts(self) -> OfficialCounts:
        """The official counts of every force."""
        return read_official_counts_of_forces(self.project)

    def others(self, figure: Indicator | Measure) -> Comparison | None:
        """Return how the force compares with others in a figure's offences; None of one that counts none of theirs."""
        if figure.id not in self._others:
            is_of_theirs = bool(figure.series and self.plan.series[figure.series].official)
            compared = compare_with_others(self.office, self.official_counts, figure) if is_of_theirs else None
            self._others[figure.id] = compared
        return self._others[figure.id]

    def others_of(self, box: Priority) -> list[tuple[Indicator, Comparison]]:
        """Return a box's indicators that count official offences, each with how the force compares with others."""
        every = ((figure, self.others(figure)) for figure in box.indicators)
        return [(figure, compared) for figure, compared in every if compared is not None]

    # ------------------------------------------------------------------------------------ what the figures are made of
    def compared_totals(self) -> pd.DataFrame:
        """Return the totals that the figures of all boxes compare, as the priority notebooks saved them."""
        return self._of_every_box(COMPARED_FOLDER, COMPARED_COLUMNS, "the totals compared")

    def shown_series(self) -> pd.DataFrame:
        """Return the points of all series that are shown, each series once, as the priority notebooks saved them."""
        every = self._of_every_box(SHOWN_FOLDER, SHOWN_COLUMNS, "the points of its series")
        return every.drop_duplicates(["series", "area", "period"], ignore_index=True)

    def _of_every_box(self, folder: str, columns: list[str], what: str) -> pd.DataFrame:
        remedy = "Run the priority notebooks."
        paths = (self.folder / folder / f"{box.id}.csv" for box in self.plan.priorities)
        frames = [read_table(path, columns, remedy, what=what, text=True) for path in paths]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns, dtype=str)

    # ------------------------------------------------------------------------------------ restated figures
    def restated(self, table: str) -> pd.DataFrame:
        """Return what a supplier restated since the quarter before; nothing of a withheld table."""
        if table not in self._restated:
            changes = pd.DataFrame(columns=RESTATED, dtype=str)
            if table in self.office.shown_tables:
                path = self.folder / RESTATED_FOLDER / f"{table}.csv"
                changes = read_table(path, RESTATED, "Run the prepare notebook.", what="restated figures", text=True)
            self._restated[table] = changes
        return self._restated[table]

    def revised(self, series: str) -> dict[int, str]:
        """Return which restated figures of its table a series rests on, and the period of each one's point."""
        return revised_points(self.restated(self.plan.series[series].table), series, self.office)

    def restated_of(self, box: Priority) -> pd.DataFrame:
        """Return the restated figures that a box's series rest on."""
        lines: dict[str, set[int]] = {}
        for name in box.series:
            lines.setdefault(self.plan.series[name].table, set()).update(self.revised(name))
        kept = [self.restated(table).iloc[sorted(lines[table])] for table in self.plan.tables if table in lines]
        return pd.concat(kept) if kept else pd.DataFrame(columns=RESTATED, dtype=str)

    # ------------------------------------------------------------------------------------ commentary
    def commentary_rows(self, paragraphs: Iterable[Paragraph]) -> pd.DataFrame:
        """Return paragraphs as the rows of commentary.csv: number, where, words, figures cited, origin."""
        boxes = {
            update.id: [p.id for p in self.plan.priorities if p.update == update.id] for update in self.plan.updates
        }
        rows = []
        for paragraph in paragraphs:
            resolved = self.resolver.paragraph(paragraph)
            rows.append(
                {
                    "paragraph": paragraph.number,
                    "section": self.resolver.resolve(paragraph.section, lambda at: self.office.commentary.source).text,
                    "priority": ";".join(boxes.get(paragraph.update, [])),
                    "text": without_markdown(resolved.text),
                    "indicators": ";".join(sorted({cited.indicator for cited in resolved.cited})),
                    "origin": resolved.origin,
                    "figures": resolved.figures,
                }
            )
        return pd.DataFrame(rows, columns=COMMENTARY)

    def flags(self, *, for_review: bool = False) -> list[str]:
        """Return the matters to note of the parameters, resolved. Raises CommentaryError that names the flag.

        for_review: those that only reviewers see, and no others.
        """

        def resolved(name: str, text: str) -> str:
            return self.resolver.resolve(text, lambda at: f"params/{self.quarter}.yml, flags, {name}").text

        kept = self.parameters.flags_for_review
        flags = self.parameters.flags.items()
        return [resolved(name, text) for name, text in flags if (name in kept) is for_review]

    # ------------------------------------------------------------------------------------ saving
    def save(self, table: pd.DataFrame, name: str) -> None:
        """Write a table below data/processed/<quarter>, for later notebooks and the pack."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_csv(path, index=False, lineterminator="\n")

    def save_restated(self, changes: pd.DataFrame) -> None:
        """Write restated figures, a file for each table that may be shown; nothing of another is left from before."""
        for path in (self.folder / RESTATED_FOLDER).glob("*.csv"):
            if path.stem not in self.office.shown_tables:
                path.unlink()  # as quarter_data.save_series does
        for table in self.office.shown_tables:
            self.save(changes[changes["table"] == table], f"{RESTATED_FOLDER}/{table}.csv")

    def save_comparisons(self, comparisons: pd.DataFrame) -> None:
        """Write the pack's comparisons, a file for each box, so that a page depends on no more than its own."""
        for box in self.plan.priorities:
            self.save(comparisons[comparisons["priority"] == box.id], f"{COMPARISONS_FOLDER}/{box.id}.csv")

    def save_priority(self, box: Priority) -> None:
        """Write a box's results with what they compare, the points of its series, and its commentary."""
        results = self.results_of(box)
        write_results(results, self._results_file(box))
        self.save(compared_totals(self.data, zip(box.figures, results, strict=True)), f"{COMPARED_FOLDER}/{box.id}.csv")
        self.save(shown_series(self.data, box.series), f"{SHOWN_FOLDER}/{box.id}.csv")
        rows = self.commentary_rows(self.office.commentary.of_update(box.update))
        self.save(rows, f"commentary/{box.id}.csv")

    def _results_file(self, box: Priority) -> Path:
        return self.folder / "figures" / f"{box.id}.csv"
