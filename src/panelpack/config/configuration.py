"""All that the office declares for one quarter, each file read once and handed to what needs it."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from panelpack.config.commentary import Commentary, read_commentary
from panelpack.config.corrections import Correction, load_corrections
from panelpack.config.guarded import why_guarded
from panelpack.config.official import Release, load_comparator_table
from panelpack.config.parameters import Availability, Parameters, load_parameters
from panelpack.config.plan import NO_FORCE, Indicator, Plan
from panelpack.config.plan_checks import load_plan
from panelpack.config.presets import Preset, load_presets
from panelpack.config.reviews import QuarterReviews, load_reviews
from panelpack.config.series import PARAMETER, Series
from panelpack.config.sources import Source, Sources, load_sources
from panelpack.config.study import OffenceSeries, load_offences
from panelpack.errors import ConfigurationError, shown
from panelpack.named_periods import Period, resolve_period
from panelpack.periods import Quarter, last_day, parse_year
from panelpack.project import Project

EMBARGOED_MARKING = "EMBARGOED, NOT FOR PUBLICATION"


@dataclass(frozen=True)
class Configuration:
    """The plan, the quarter's parameters, and, read when first asked for, commentary, corrections and sources.

    Those three are read late so that a notebook depends on no file that it does not use.
    """

    project: Project
    quarter: Quarter
    plan: Plan
    parameters: Parameters

    @classmethod
    def read(cls, project: Project, quarter: Quarter) -> "Configuration":
        """Read the plan and the parameters. Raises ConfigurationError that lists every mistake by file and line."""
        plan = load_plan(project.plan(quarter), *project.layouts)
        return cls(project, quarter, plan, load_parameters(project.params(quarter), quarter, plan))

    @cached_property
    def commentary(self) -> Commentary:
        """params/<quarter>.md. Raises CommentaryError."""
        return read_commentary(self.project.commentary(self.quarter), self.plan)

    @cached_property
    def corrections(self) -> list[tuple[str, Correction]]:
        """The corrections of this quarter's raw files, each with its file and line. Raises ConfigurationError."""
        day = self.parameters.day
        return load_corrections(self.project, self.quarter, self.plan, day, self._received, self._guarded)

    @cached_property
    def sources(self) -> Sources:
        """data/raw/<quarter>/sources.yml, without tables that are awaited. Raises ConfigurationError."""
        parameters = self.parameters
        in_releases = [name for name in self.plan.tables if (p := self.preset_of(name)) and p.revised_in_releases]
        return load_sources(self.project.raw(self.quarter), parameters.day, parameters.not_supplied, in_releases)

    @cached_property
    def reviews(self) -> QuarterReviews:
        """What params/reviews.yml says of this quarter, for reviewers alone. Raises ConfigurationError."""
        return load_reviews(self.project.reviews, self.quarter, self.parameters.day)

    def _received(self) -> dict[str, date]:
        """Return the day on which each file came, by its name or pattern."""
        return {name: source.received for name, source in self.sources.files.items()}

    def _guarded(self) -> dict[str, str]:
        """Return which files are guarded, by name or pattern, and why."""
        every = {name: self.why_guarded(source) for name, source in self.sources.files.items()}
        return {name: why for name, why in every.items() if why}

    @cached_property
    def presets(self) -> dict[str, Preset]:
        """The presets that the plan names, by name. Raises ConfigurationError."""
        return load_presets(*self.project.layouts, of=self.plan)

    def preset_of(self, table: str) -> Preset | None:
        """Return the preset that a table of the plan names, or None. Raises ConfigurationError."""
        return self.presets.get(self.plan.tables[table].preset or "")

    @cached_property
    def offences(self) -> OffenceSeries:
        """data/projection/offences.yml: of which series there are official counts. Raises ConfigurationError."""
        return load_offences(self.project.projection)

    @property
    def official_release(self) -> Release:
        """Which release the official counts are of. Raises ConfigurationError."""
        return load_comparator_table(self.project.comparators).source

    @property
    def official_force(self) -> str:
        """The office's force as the official tables name it, or NO_FORCE. Raises ConfigurationError."""
        own, forces = self.plan.office.official_force, self.offences.forces
        path = shown(self.project.plan(self.quarter))
        if own not in (*forces, NO_FORCE):
            raise ConfigurationError(
                f"{path}, office, official_force: found {own!r}, expected one of {', '.join(forces)}, or "
                f"{NO_FORCE} for a force that is in no such table. Name the office's force as the official tables do."
            )
        # By whole words, so that no force is found in the name of another.
        named = [force for force in forces if re.search(rf"\b{re.escape(force)}\b", self.plan.office.force)]
        if named and own not in named:
            raise ConfigurationError(
                f"{path}, office, official_force: found {own!r}, but the office's force is {self.plan.office.force!r}, "
                f"so that its own counts would be taken for another force's. Write {named[0]}."
            )
        return own

    def withheld(self, table: str) -> str:
        """Return why nothing of a table may be shown, or ''. Whoever may see embargoed figures has their edition."""
        status = self.parameters.withheld(table)
        return "" if status == "embargoed" and self.project.shows_embargoed else status

    @property
    def latest_decision(self) -> tuple[str, date]:
        """What an approval of the pack cannot be older than, in words, and its day.

        It is the latest of what the pack rests on: the end of the quarter, the days on which files came, and those of
        corrections and answers. What reviewers said is no part of that. Raises ConfigurationError.
        """
        parameters = self.parameters
        days = [(f"the end of {self.quarter}", last_day(self.quarter))]
        days += [(f"the day on which {name} came", day) for name, day in self._received().items()]
        days += [(f"the correction of {one.name}", one.decided_on) for _, one in self.corrections]
        days += [(f"the answer to {one.what!r}", one.date) for one in parameters.answers]
        return max(days, key=lambda pair: pair[1])

    @property
    def embargoed(self) -> dict[str, Availability]:
        """The tables that are under embargo on the day of the edition, whoever may see them."""
        entries = self.parameters.availability
        return {table: entry for table, entry in entries.items() if self.parameters.withheld(table) == "embargoed"}

    @property
    def marking(self) -> str:
        """How the paper is marked: as the parameters say, but where it holds embargoed figures."""
        return EMBARGOED_MARKING if self.project.shows_embargoed else self.parameters.marking

    @property
    def shown_tables(self) -> list[str]:
        """The tables of which something may be shown at the meeting."""
        return [table for table in self.plan.tables if not self.withheld(table)]

    @property
    def awaited_figures(self) -> frozenset[str]:
        """The ids of the figures of which the plan, or the availability of their table, says that they are awaited."""
        tables = {table for table in self.plan.tables if self.withheld(table) == "awaited"}
        series = self.plan.series.items()
        waiting = {n for n, spec in series if {spec.table, spec.rate_per and spec.rate_per.table} & tables}
        return frozenset(
            figure.id
            for figure in self.plan.figures.values()
            if waiting & {figure.series, figure.baseline_series}
            or (isinstance(figure, Indicator) and figure.status and figure.status.reason == "awaited")
        )

    def why_guarded(self, source: Source) -> str:
        """Return why nothing but a keyed hash of a raw file may be published; '' for one that is open."""
        return why_guarded(source, self.plan, self.parameters)

    def period(self, name: str, last_month: str = "") -> Period:
        """Return the months that a period name means in this quarter's report; relative ones end with `last_month`.

        last_month: 'YYYY-MM', by default the quarter's last.
        """
        return resolve_period(name, last_month or self.quarter.months[-1], parse_year(self.plan.baseline_year))

    def periodicity(self, series: str) -> str:
        """Return what one point of a series covers, as plan.periodicity does."""
        return self.plan.periodicity(self.plan.series[series])

    def categories(self, series: Series) -> dict[str, list[str]]:
        """Return the rows that a series picks: for each column the categories; `$name` is a list of the parameters."""
        chosen = {}
        for column, value in series.where.items():
            if isinstance(value, str) and value.startswith(PARAMETER):
                value = list(self.parameters.lists[value.removeprefix(PARAMETER)])
            chosen[column] = [value] if isinstance(value, str) else list(value)
        return chosen
