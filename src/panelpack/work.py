"""What a notebook starts from: a quarter's evidence, commentary and figures, found from any folder of the project."""

from functools import cached_property
from pathlib import Path

import pandas as pd

from panelpack import commentary, evidence, false_alarms, figures, headline, indicators, projection, revisions
from panelpack.citations import plain
from panelpack.evidence import Evidence
from panelpack.figures import Figure
from panelpack.plan import Priority
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.references import Resolver

COMMENTARY_COLUMNS = ["paragraph", "section", "priority", "text", "indicators", "origin", "figures"]
REVISIONS = "revisions"  # below data/processed/<quarter>: a file a table


class Work:
    """A quarter in hand. Figures are computed from the prepared series when asked for, or read where written."""

    def __init__(self, quarter: str, *, project: Project | None = None, written: bool = False):
        """Open a quarter by its label; with `written`, take the figures that the priority notebooks wrote."""
        self.project = project or Project.here()
        self.quarter = Quarter.parse(quarter)
        self._written = written
        self._figures: dict[str, Figure] = {}
        self._restated: dict[str, pd.DataFrame] = {}

    @cached_property
    def evidence(self) -> Evidence:
        """The plan, the parameters and the prepared series."""
        return evidence.prepared(self.project, self.quarter)

    @property
    def plan(self):
        """params/plan.yml."""
        return self.evidence.plan

    @property
    def params(self):
        """params/<quarter>.yml."""
        return self.evidence.params

    @cached_property
    def commentary(self):
        """params/<quarter>.md."""
        return commentary.read(self.project.commentary(self.quarter), self.plan)

    @cached_property
    def resolver(self) -> Resolver:
        """Resolves references with this quarter's figures."""
        return Resolver(self.plan, self.params, self.quarter, self.commentary, self.figure, self.headline)

    @cached_property
    def later(self) -> pd.DataFrame:
        """What was recorded after the quarter that it projects, for reviewers."""
        return projection.read_recorded_later(self.project.later(self.quarter))

    @cached_property
    def false_alarms(self) -> pd.DataFrame:
        """How often control charts of stable series raise an alarm, simulated."""
        return false_alarms.read(self.project.false_alarms)

    @property
    def printed(self) -> bool:
        """Whether a printed paper of the quarter is at hand, to hold the figures to."""
        return self.project.published(self.quarter).exists()

    def restated(self, table: str) -> pd.DataFrame:
        """What a supplier restated since the quarter before (revisions.restated); nothing of a withheld table."""
        if table not in self._restated:
            path = self.folder / REVISIONS / f"{table}.csv"
            try:
                self._restated[table] = pd.read_csv(path, dtype=str, keep_default_na=False)
            except FileNotFoundError:
                self._restated[table] = pd.DataFrame(columns=revisions.COLUMNS, dtype=str)
        return self._restated[table]

    def revised(self, series_name: str) -> dict[int, str]:
        """Return which restated figures of its table a series rests on, and the period of each one's point."""
        changes = self.restated(self.plan.series[series_name].table)
        return revisions.revised_points(changes, series_name, self.plan, self.params)

    def restated_of(self, box: Priority) -> pd.DataFrame:
        """Return the restated figures that a box's series rest on."""
        ours = {name for f in box.figures for name in (f.series, getattr(f, "baseline_series", None)) if name}
        lines: dict[str, set[int]] = {}
        for name in ours:
            lines.setdefault(self.plan.series[name].table, set()).update(self.revised(name))
        kept = [self.restated(table).iloc[sorted(lines[table])] for table in self.plan.tables if table in lines]
        return pd.concat(kept) if kept else pd.DataFrame(columns=revisions.COLUMNS, dtype=str)

    @property
    def folder(self) -> Path:
        """data/processed/<quarter>."""
        return self.project.processed(self.quarter)

    def figure(self, indicator: str) -> Figure:
        """Return one figure."""
        if indicator not in self._figures:
            box = next(p for p in self.plan.priorities if any(f.id == indicator for f in p.figures))
            found = self._read(box) if self._written else self._compute(box)
            self._figures |= {figure.indicator: figure for figure in found}
        return self._figures[indicator]

    def _compute(self, box: Priority) -> list[Figure]:
        return [indicators.compute(figure, box.id, self.evidence) for figure in box.figures]

    def _read(self, box: Priority) -> list[Figure]:
        return figures.read(self.folder / "figures" / f"{box.id}.csv")

    def of_box(self, box: Priority) -> list[Figure]:
        """Return a box's figures: its indicators, then its measures."""
        return [self.figure(figure.id) for figure in box.figures]

    def indicators(self) -> list[Figure]:
        """Return every row of the dashboard, in the plan's order."""
        return [figure for box in self.plan.priorities for figure in self.of_box(box) if not figure.measure]

    def headline(self) -> dict[str, float]:
        """Return the headline's counts and shares."""
        return headline.headline(self.indicators())

    def commentary_rows(self, paragraphs) -> pd.DataFrame:
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
                    "section": self.resolver.resolve(paragraph.section, lambda at: self.commentary.source).text,
                    "priority": ";".join(boxes.get(paragraph.update, [])),
                    "text": plain(resolved.text),
                    "indicators": ";".join(sorted({cited.indicator for cited in resolved.cited})),
                    "origin": resolved.origin,
                    "figures": resolved.numbers,
                }
            )
        return pd.DataFrame(rows, columns=COMMENTARY_COLUMNS)

    def flags(self) -> list[str]:
        """Return the matters to note of the parameters, resolved. Raises CommentaryError that names the flag."""
        where = f"params/{self.quarter}.yml, flags"
        return [
            self.resolver.resolve(text, lambda at, name=name: f"{where}, {name}").text
            for name, text in self.params.flags.items()
        ]

    def write(self, frame: pd.DataFrame, name: str) -> Path:
        """Write a table below data/processed/<quarter>."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.to_csv(path, index=False, lineterminator="\n")
        return path

    def write_figures(self, box: Priority) -> Path:
        """Write a box's figures for the dashboard and the report."""
        path = self.folder / "figures" / f"{box.id}.csv"
        figures.write(self.of_box(box), path)
        return path

    def write_commentary(self, box: Priority) -> Path:
        """Write a box's commentary table."""
        rows = self.commentary_rows(self.commentary.of_update(box.update))
        return self.write(rows, f"commentary/{box.id}.csv")
