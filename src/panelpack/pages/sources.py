"""The sources page: of each table its supplier, file, licence, checks, quality and limits, and what is made of it."""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from panelpack.config.guarded import why_guarded
from panelpack.config.parameters import Availability, boards_return
from panelpack.config.plan import Indicator, Measure, Priority
from panelpack.config.series import PARAMETER, Aggregate, Series
from panelpack.config.supplied_table import SupplierFile
from panelpack.formats import listed, number
from panelpack.indicators.quarter_report import QuarterReport
from panelpack.intake.files import read_table
from panelpack.open_points.saved import read_answers
from panelpack.pages import forces_methods
from panelpack.pages.data_quality import corrections_table, derivation
from panelpack.pages.open_points import answers_table
from panelpack.periods import date_words, month_words
from panelpack.rendering.prose import Block, Callout, Facts, Heading, Text
from panelpack.rendering.table import Table
from panelpack.rules.rule import RULES

CHECKS = ["table", "file", "expectation", "says", "passed", "checked", "found"]
DIGITS = 12  # of a file's checksum, by which it is known again
MOST_NAMED = 6  # categories of a series that are named one by one
NO_DATE = "No date is set."
Figure = Indicator | Measure


def blocks(report: QuarterReport) -> Iterator[Block]:
    """Yield the page: each table that may be shown, what is not shown, and what was asked, corrected and noted."""
    page = SourcesPage(report)
    yield Heading(2, "Sources", "sources")
    yield Text(
        "Every figure of this pack is worked out from the files below. [Which rows each series takes](#rows-taken) "
        "stands behind them. A file whose small numbers or persons could be guessed has no row count and no checksum "
        "here."
    )
    if notice := reconstructed_notice(report):
        yield notice
    for name in report.office.shown_tables:
        yield from page.entry(name)
    yield from page.comparators()
    yield from page.other_forces()
    if withheld := page.not_shown():
        yield Heading(3, "Not shown, and until when", "not-shown")
        yield withheld
    if taken := page.rows_taken():
        yield Heading(3, "Which rows each series takes", "rows-taken")
        yield taken
    yield Heading(3, "What was asked about the data, and what was corrected", "asked")
    yield answers_table(read_answers(report.folder))
    yield corrections_table(report.office)
    yield from matters_to_note(report)


def reconstructed_notice(report: QuarterReport) -> Callout | None:
    """Say plainly that monthly detail is reconstructed, where it is."""
    if not report.data.reconstructed:
        return None
    text = (
        "The suppliers' files behind these figures were never published. They are reconstructed, so that totals that "
        "were printed are met. What was never printed is assumed: how counts spread over months and quarters, and how "
        "many people a survey asked. A result that rests on something assumed says so where it stands."
    )
    if not report.has_printed_paper:
        text = (
            "The suppliers' files behind these figures were never published, and no printed paper of this quarter "
            "holds their totals. They are reconstructed: neither the totals nor the movements are a supplier's record. "
            "A result that rests on something assumed says so where it stands."
        )
    return Callout("reconstructed", "Detail", text)


def matters_to_note(report: QuarterReport) -> Iterator[Heading | Text]:
    """Yield the flags that everybody sees; nothing where there are none."""
    if lines := [f"- {text}" for text in report.flags()]:
        yield Heading(3, "Matters to note", "matters-to-note")
        yield Text("\n".join(lines))


def remarks_for_review(report: QuarterReport) -> Iterator[Heading | Text]:
    """Yield the flags that only reviewers see, such as remarks about a printed paper; nothing where there are none."""
    if lines := [f"- {text}" for text in report.flags(for_review=True)]:
        yield Heading(3, "For reviewers: remarks", "remarks-for-review")
        yield Text("\n".join(lines))


def title_of(table: str, spec: SupplierFile) -> str:
    """Return what a table is called: its title, else its name in words."""
    words = table.replace("_", " ")
    return spec.title or words[:1].upper() + words[1:]


class SourcesPage:
    """The entries of the sources page of one quarter."""

    def __init__(self, report: QuarterReport):
        """Write the entries of a quarter's report; the outcome of the checks is read when first asked for."""
        self._report, self._office, self._plan = report, report.office, report.plan

    @cached_property
    def _passed(self) -> dict[str, tuple[int, int]]:
        """How many of each table's checks passed, and how many there are."""
        path = self._report.folder / "checks.csv"
        checks = read_table(path, CHECKS, "Run the validation notebook.", what="checks", text=True)
        return {str(table): (int((of["passed"] == "True").sum()), len(of)) for table, of in checks.groupby("table")}

    @cached_property
    def _series(self) -> dict[str, dict[str, list[Figure]]]:
        """The series that figures use, by table in the plan's order, each with its figures."""
        used: dict[str, list[Figure]] = {}
        for figure in self._plan.figures.values():
            for name in dict.fromkeys(filter(None, (figure.series, figure.baseline_series))):
                used.setdefault(name, []).append(figure)
        by_table: dict[str, dict[str, list[Figure]]] = {}
        for name, spec in self._plan.series.items():
            if name in used:
                by_table.setdefault(spec.table, {})[name] = used[name]
        return by_table

    # ------------------------------------------------------------------------------------ a table that is shown
    def entry(self, name: str) -> Iterator[Heading | Facts]:
        """Yield a table's entry: where it is from, licence and checks, quality and limits, and what uses it."""
        spec = self._plan.tables[name]
        yield Heading(3, title_of(name, spec), f"source-{name}")
        yield Facts([(fact, words) for fact, words in self._facts(name, spec) if words])

    def _facts(self, name: str, spec: SupplierFile) -> Iterator[tuple[str, str]]:
        source = self._office.sources.by_table.get(name)
        checks = ""
        if name in self._passed:
            passed, every = self._passed[name]
            checks = f"{number(passed)} of {number(every)} checks passed"
        if source is not None:
            received = f"{source.supplier}, received {date_words(source.received)}"
            yield "From", _sentences(received, self._file(name, spec), checks)
            preset = self._office.presets.get(spec.preset or "")
            licence = source.licence or (preset.licence if preset else "")
            thanks = source.acknowledgement or (preset.acknowledgement if preset else "")
            yield "Licence", _sentences(licence or "None is stated", thanks)
        yield "Quality", _sentences(*self._quality(name, spec))
        yield "Limits", _sentences(*spec.limits)
        used = self._boxes_words([f for f in self._plan.figures.values() if self._reads(f, name)])
        first = next(iter(self._series.get(name, ())), "")
        yield "Used by", f"{used} ([rows taken](#taken-{first}))" if first else used

    def _file(self, name: str, spec: SupplierFile) -> str:
        """Say which file or files a table is, and of an open one how many rows it has and how its checksum begins."""
        source = self._office.sources.by_table[name]
        files = [file for file, one in self._office.sources.files.items() if one.table == name]
        words = listed([f"`{file}`" for file in files])
        if why := why_guarded(source, self._plan, self._report.parameters):
            words += f", release of {source.release}" if source.release else ""
            return f"{words}: no row count and no checksum, since it is {why}"
        parts = [words]
        if source.release:
            parts.append(f"release of {source.release}")
        if isinstance(source.digests, dict):
            parts.append(f"{number(len(source.digests))} files")
        if source.rows is not None:
            parts.append(f"{number(source.rows)} row{'' if source.rows == 1 else 's'}")
        if isinstance(source.digests, str):
            parts.append(f"sha256 begins {source.digests[:DIGITS]}")
        if only := _rows_words({column: _as_list(value) for column, value in spec.layout.only.items()}):
            parts.append(f"of which only rows are read whose {only}")
        return ", ".join(parts)

    def _quality(self, name: str, spec: SupplierFile) -> Iterator[str]:
        """Yield what is known of the quality of a table: by the plan, its preset, its source and its availability."""
        source, entry = self._office.sources.by_table.get(name), self._report.parameters.availability.get(name)
        yield spec.quality
        if preset := self._office.presets.get(spec.preset or ""):
            yield f"{preset.title} ({preset.publisher})"
            yield from preset.notes
        if graded := spec.data_integrity:
            yield f"How it is recorded was graded {graded.grade} by {graded.by} ({month_words(graded.published)})"
        if entry and entry.status == "provisional":
            yield f"Provisional. {entry.reason}"
        if name in self._office.embargoed:
            yield f"Under embargo. {self._until(entry) if entry else NO_DATE}"
        if source and source.reconstructed:
            yield f"Reconstructed: {source.basis[:1].lower()}{source.basis[1:]}"
        if source:
            yield from (derivation(file, one) for file, one in self._office.sources.files.items() if one.table == name)

    def _reads(self, figure: Figure, table: str) -> bool:
        """Whether a figure is of a table: by its series, the residents of its rate, or the boards' own return."""
        if isinstance(figure, Indicator) and RULES[figure.rule].needs_assessment:
            return table == boards_return(self._plan)
        series = (self._plan.series[name] for name in (figure.series, figure.baseline_series) if name)
        return any(table in (spec.table, spec.per.table if spec.per else "") for spec in series)

    # ------------------------------------------------------------------------------------ which rows are taken
    def rows_taken(self) -> Table | None:
        """Return which rows of its table each series takes, and what uses it, by tables; None where there is none."""
        rows: list[dict[str, str]] = []
        anchors: list[str] = []
        groups: dict[int, str] = {}
        for name in self._office.shown_tables:
            if name in self._series:
                groups[len(rows)] = f"[{title_of(name, self._plan.tables[name])}](#source-{name})"
            for series, figures in self._series.get(name, {}).items():
                spec = self._plan.series[series]
                taken = f"{_rows_words(self._where(spec)) or 'every row'}: {_made(spec)}"
                taken += self._per(spec)
                rows.append(
                    {
                        "Series": f"[{spec.title}](#series-{series})",
                        "Rows taken, and what is counted": taken[:1].upper() + taken[1:],
                        "Used by": self._used_by(figures),
                    }
                )
                anchors.append(f"taken-{series}")
        if not rows:
            return None
        caption = "Rows taken by each series, and the priorities that use it"
        return Table(rows, caption, widths=[3.6, 4.4, 1.6], anchors=anchors, groups=groups, align={"Used by": "left"})

    def _per(self, spec: Series) -> str:
        """Say whose residents a rate is per; of a count, those that the rates of its areas are per; '' for none."""
        if spec.per is None:
            return ""
        table = f"[{title_of(spec.per.table, self._plan.tables[spec.per.table])}](#source-{spec.per.table})"
        per = f"per {number(spec.per.of)} {spec.per.noun} of {table}"
        if spec.kind == "count":
            return f"; each area also {per}, by its own"
        only = _rows_words({column: [value] for column, value in spec.per.where.items()})
        whose = f" whose {only}" if only else ""
        return f", {per}{whose}{', each area by its own' * (spec.per.area is not None)}"

    def _where(self, spec: Series) -> dict[str, list[str]]:
        """Return which rows a series picks, in words: of a list of the parameters its name, and how many it has."""
        chosen = {}
        for column, value in spec.where.items():
            if isinstance(value, str) and value.startswith(PARAMETER):
                name = value.removeprefix(PARAMETER)
                every = self._report.parameters.lists[name]
                chosen[column] = [f"one of the {number(len(every))} {name.replace('_', ' ')}"]
            else:
                chosen[column] = [_words(one) for one in _as_list(value)]
        return chosen

    def _used_by(self, figures: Collection[Figure]) -> str:
        """Return links to figures, by the numbers of their priorities: of indicators to their rows."""
        said = []
        for box, mine in self._by_box(figures):
            rows = [figure for figure in mine if isinstance(figure, Indicator)]
            if rows:
                said += [f"[{box.number}](#row-{figure.id})" for figure in rows]
            else:
                said.append(f"[{box.number}](#figure-{mine[0].id})")
        return ", ".join(said)

    def _boxes_words(self, figures: Collection[Figure]) -> str:
        """Return links to the pages of the priorities that have one of these figures; '' for none."""
        boxes = [box for box, _ in self._by_box(figures)]
        links = [f"[{self._report.name_of(box)}](#priority-{box.id})" for box in boxes[:1]]
        links += [f"[{box.number}](#priority-{box.id})" for box in boxes[1:]]
        return listed(links)

    def _by_box(self, figures: Collection[Figure]) -> list[tuple[Priority, list[Figure]]]:
        """Return the priorities of figures, in the plan's order, each with its own of them."""
        own: dict[str, list[Figure]] = {}
        for figure in figures:
            own.setdefault(figure.id.partition(".")[0], []).append(figure)
        return [(box, own[box.id]) for box in self._plan.priorities if box.id in own]

    def comparators(self) -> Iterator[Heading | Facts]:
        """Yield the entry of the official table that forces are compared by; nothing where none is."""
        if not (pairs := forces_methods.compared(self._report)):
            return
        counts = self._report.official_counts
        table, quarters = counts.table, sorted(counts.counts.index.unique("quarter"))
        vintages = list(dict.fromkeys(of.level.of.vintage.words for _, of in pairs if of.level))
        cautions = dict.fromkeys(words for _, of in pairs for words in of.cautions)
        yield Heading(3, "Recorded crime by police force", "source-comparators")
        facts = {
            "From": _sentences(
                f"{table.source.title}, release of {table.source.release}, so as revised by then",
                f"{number(len(counts.forces))} forces, {quarters[0]} to {quarters[-1]}, not every force to the end",
            ),
            "Licence": _sentences(table.source.licence, table.source.acknowledgement),
            "Residents": _sentences(table.residents_source, f"Used here: {listed(vintages)}") if vintages else "",
            "Limits": _sentences(*cautions, *(one.reason for one in table.left_out)),
            "Used by": f"[How forces are compared](#methods-forces): {self._boxes_words([f for f, _ in pairs])}",
        }
        yield Facts([(fact, words) for fact, words in facts.items() if words])

    def other_forces(self) -> Iterator[Heading | Facts]:
        """Yield the entry of the official counts of other forces, where the pack's forecasts learned from them."""
        if not any(figure.projected is not None for figure in self._report.indicators()):
            return
        source, counts = self._office.official_release, self._report.data.other_forces
        forces = sorted(counts.columns.get_level_values("force").unique())
        yield Heading(3, "Recorded crime of other forces", "source-other-forces")
        yield Facts(
            [
                ("From", f"{source.title}, release of {source.release}."),
                ("Licence", f"{source.licence}."),
                ("Rows", f"{listed(forces)}; {counts.index[0]} to {counts.index[-1]}, published by the meeting."),
                ("Used by", "[Forecasts of recorded crime](#methods-projections), for how far they may be off"),
            ]
        )

    # ------------------------------------------------------------------------------------ what is not shown
    def not_shown(self) -> Table | None:
        """Return each table and figure that is not shown: why, and until when; None where all is shown."""
        rows, anchors = [], []
        for name, spec in self._plan.tables.items():
            entry = self._report.parameters.availability.get(name)
            if (why := self._office.withheld(name)) and entry:
                figures = [f for f in self._plan.figures.values() if self._reads(f, name)]
                rows.append(
                    {
                        "What": title_of(name, spec),
                        "Why": f"{why[:1].upper()}{why[1:]}. {entry.reason}",
                        "Until when": self._until(entry),
                        "What waits for it": self._boxes_words(figures),
                    }
                )
                anchors.append(f"source-{name}")
        for figure in self._report.indicators():
            spec_of = self._plan.figures[figure.indicator]
            status = spec_of.status if isinstance(spec_of, Indicator) else None
            if status and status.reason in ("redacted", "awaited"):
                by = f" By the {status.by}." if status.by else ""
                why, until = f"{status.reason.capitalize()}. {status.words}{by}", status.until or NO_DATE
            elif figure.reason == "small_sample":
                fewest = self._plan.disclosure.reported.fewest
                why = f"Too few answers to publish: fewer than {number(fewest)}."
                until = "Until so many people answer."
            else:
                continue
            row = {"What": spec_of.title, "Why": why, "Until when": until}
            rows.append(row | {"What waits for it": self._boxes_words([spec_of])})
            anchors.append("")
        if not rows:
            return None
        caption = "What is not shown, why, and until when"
        return Table(rows, caption, widths=[2, 4.4, 1.8, 3], anchors=anchors)

    def _until(self, entry: Availability) -> str:
        """Say until when nothing of a table is shown, and by whom that was decided where the office says it."""
        end = entry.release_date or entry.expected or entry.until
        if end is None:
            return NO_DATE
        words = end if isinstance(end, str) else date_words(end)
        if entry.status == "awaited":
            return f"It is expected on {words}."
        return f"Until {words}{f', by the {entry.by}' if entry.by else ''}.".replace("..", ".")


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _words(category: str) -> str:
    return category.replace("_", " ")


def _rows_words(where: Mapping[str, list[str]]) -> str:
    """Say which rows are picked: 'area is north or south and offence is robbery'."""
    said = []
    for column, values in where.items():
        shown = values if len(values) <= MOST_NAMED else [*values[: MOST_NAMED - 1], f"{len(values) - 5} more"]
        said.append(f"{_words(column)} is {listed(shown, 'or')}")
    return " and ".join(said)


def _made(spec: Series) -> str:
    """Say what is made of the rows: '*offences*', added up, or '*satisfied* out of *respondents*'."""
    value, by = _counted(spec.value), f", by {spec.by}" if spec.by else ""
    return f"{value}{f' out of {_counted(spec.base)}' if spec.base is not None else ''}{by}"


def _counted(what: str | Aggregate) -> str:
    if isinstance(what, str):
        return f"*{_words(what)}*"
    column = _words(what.column or "")
    return {
        "sum": f"*{column}*",
        "rows": "the rows counted",
        "distinct": f"every *{column}* counted once",
        "repeated": f"rows whose *{column}* stands there more than once",
    }[what.how]


def _sentences(*parts: str) -> str:
    """Join texts as sentences, each with its full stop."""
    return " ".join(f"{part.rstrip('.')}." for part in (text.strip() for text in parts) if part)
