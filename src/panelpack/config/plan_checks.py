"""Reading params/plan.yml, and what its types cannot say: names that lead nowhere, and rules that do not fit."""

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from panelpack.config.disclosure import find_disclosure_mistakes
from panelpack.config.glossary import find_glossary_mistakes
from panelpack.config.indicator_checks import find_indicator_mistakes
from panelpack.config.layout_checks import find_table_mistakes
from panelpack.config.measure_checks import find_area_mistakes, find_kind_mistakes, find_period_mistakes
from panelpack.config.plan import Indicator, Measure, Plan, Priority
from panelpack.config.presets import load_presets, with_presets
from panelpack.config.question_checks import find_chart_mistakes, find_picture_mistakes, find_question_mistakes
from panelpack.config.series import Series, named_column
from panelpack.config.strict_yaml import Location, Mistake, load
from panelpack.config.supplied_table import PERIOD_KINDS, find_name_mistakes
from panelpack.pack_files import layout_files
from panelpack.periods import MONTHS_IN
from panelpack.rules.verdict import VERDICT_WORDS, VERDICTS

_FAULTLESS: list[Plan] = []  # the plan that was read last: every notebook, in its fork, reads the same one again


def load_plan(path: Path, *layouts: Path) -> Plan:
    """Read a plan, its tables filled in by the presets that they name, of folders or of the folder layouts beside it.

    Raises ConfigurationError that names every mistake by file and line.
    """
    folders = layouts or (path.parent / "layouts",)

    def mistakes(plan: Plan) -> Iterator[Mistake]:
        yield from _preset_mistakes(plan, [preset.stem for preset in layout_files(folders)])
        whole = with_presets(plan, load_presets(*folders, of=plan))
        if whole not in _FAULTLESS:
            yield from find_mistakes(whole)

    plan = load(path, Plan, mistakes)
    whole = with_presets(plan, load_presets(*folders, of=plan))
    _FAULTLESS[:] = [whole]
    return whole


def find_mistakes(plan: Plan) -> Iterator[Mistake]:
    """Yield references to things that do not exist, ids used twice, and rules that do not fit."""
    yield from _name_mistakes(plan)
    yield from _table_mistakes(plan)
    yield from find_disclosure_mistakes(("disclosure",), plan.disclosure)
    for name, series in plan.series.items():
        if mistakes := list(_series_mistakes(plan, ("series", name), series)):
            yield from mistakes
        else:
            yield from find_kind_mistakes(plan, ("series", name), name, series)
            yield from find_question_mistakes(plan, ("series", name), series)
        yield from _chart_mistakes(plan, ("series", name), name, series)
    yield from _word_mistakes(plan)
    yield from find_glossary_mistakes(("glossary",), plan.glossary)
    yield from _id_mistakes(plan)
    for i, priority in enumerate(plan.priorities):
        yield from _priority_mistakes(plan, ("priorities", i), priority)


def _name_mistakes(plan: Plan) -> Iterator[Mistake]:
    """Yield names of tables and series that are no names of files, or that stand for something else in one."""
    for key, names in (("tables", plan.tables), ("series", plan.series)):
        for name in names:
            if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
                yield (key, name), f"found the name {name!r}, expected letters, digits, _ and -. Give it another name."


def _preset_mistakes(plan: Plan, presets: Collection[str]) -> Iterator[Mistake]:
    for name, table in plan.tables.items():
        if table.preset is not None and table.preset not in presets:
            known = ", ".join(presets) or "none"
            yield ("tables", name, "preset"), f"params/layouts has no {table.preset!r}, expected one of {known}."


def _table_mistakes(plan: Plan) -> Iterator[Mistake]:
    for name, table in plan.tables.items():
        if (table.file is None) == (table.files is None):
            yield ("tables", name), "expected either `file` (one) or `files` (a pattern of several). Give one of them."
        for key, file in (("file", table.file), ("files", table.files)):
            yield from ((("tables", name, key), words) for words in find_name_mistakes(file or ""))
        if not table.columns:
            yield ("tables", name), "no columns are named, and no preset that has them. Name the columns."
            continue
        if not table.key:
            yield (
                ("tables", name),
                "no key is named, and no preset that has one. Name what tells rows apart.",
            )
        for column in table.key:
            if column not in table.columns:
                yield ("tables", name, "key"), f"key column {column!r} is not among the columns."
        yield from find_area_mistakes(("tables", name), table)
        for place, words in find_table_mistakes(table):
            yield ("tables", name, *place), words
        if not table.column_of(*PERIOD_KINDS):
            yield (
                ("tables", name, "columns"),
                "no column says of when a row is: a month, quarter, half or year, or a date. Say which one does.",
            )


def _series_mistakes(plan: Plan, at: Location, series: Series) -> Iterator[Mistake]:
    table = plan.tables.get(series.table)
    if table is None:
        yield (*at, "table"), f"there is no table {series.table!r}; expected one of {', '.join(plan.tables)}."
        return
    columns = {"value": named_column(series.value), "base": named_column(series.base)}
    for key, column in [*columns.items(), *(("where", column) for column in series.where)]:
        if column is not None and column not in table.columns:
            yield (*at, key), f"table {series.table!r} has no column {column!r}; it has {', '.join(table.columns)}."


def _chart_mistakes(plan: Plan, at: Location, name: str, series: Series) -> Iterator[Mistake]:
    """Yield where the plan asks for limits that cannot be, or calls two ways better on one chart."""
    table = plan.tables.get(series.table)
    if table and table.column_of(*PERIOD_KINDS) and MONTHS_IN.get(plan.periodicity(series), 0) > MONTHS_IN["quarter"]:
        for key in ("limits_from", "limits_until", "rebase"):
            if getattr(series, key):
                yield (*at, key), f"halves and years are too few a year for limits. Remove `{key}`."
    starts = [rebase.first for rebase in series.rebase]
    if starts != sorted(set(starts)):
        yield (*at, "rebase"), f"the rebases start at {', '.join(starts)}. Put them in the order of time, each once."
        return
    for i, rebase in enumerate(series.rebase):
        if not rebase.reason.strip(" ."):
            yield (*at, "rebase", i, "reason"), f"`reason` is {rebase.reason!r}. Write the change that is the reason."
    windows = [(at, series.limits_from, series.limits_until)]
    windows += [((*at, "rebase", i), rebase.first, rebase.limits_until) for i, rebase in enumerate(series.rebase)]
    for i, (place, first, until) in enumerate(windows):
        end = starts[i] if i < len(starts) else None
        if until and end and until >= end:
            yield (
                (*place, "limits_until"),
                (
                    f"`limits_until` is {until}, but new limits start at {end}. End it sooner, or write it under "
                    "the rebase whose limits it ends."
                ),
            )
        if first and i == 0 and end and first >= end:
            yield (*place, "limits_from"), f"`limits_from` is {first}, but new limits start at {end}. Start it sooner."
        if first and until and until < first:
            yield (*place, "limits_until"), f"`limits_until` is {until}, before {first}, where its limits start."
    stated = plan.stated_polarities(name)
    if len(set(stated.values())) > 1:
        words = ", ".join(f"{figure} says {polarity}" for figure, polarity in stated.items())
        yield at, f"its chart can have one polarity, but {words}. Give them the same, or let a measure state none."


def _word_mistakes(plan: Plan) -> Iterator[Mistake]:
    """Yield the verdicts that have no word, or that of another, so that a reader could not tell them apart."""
    for name, own in plan.verdict_words.items():
        if not own.strip():
            yield ("verdict_words", name), f"found {own!r}, expected a word. Write one, or remove the key."
    used: dict[str, str] = {}
    for verdict in VERDICTS:
        word = plan.word(verdict) or VERDICT_WORDS[verdict]
        other = used.setdefault(word.casefold(), verdict)
        if other != verdict:
            at = ("verdict_words", verdict if plan.word(verdict) else other)
            yield at, f"{word!r} is what {other} and {verdict} are called. Give each its own word."


def _id_mistakes(plan: Plan) -> Iterator[Mistake]:
    """Yield the ids that stand twice. Boxes and their figures share one set of ids, updates have their own."""
    used = set()
    for i, priority in enumerate(plan.priorities):
        named = [(at, figure.id) for at, figure in _figures(("priorities", i), priority)]
        for at, name in [*named, (("priorities", i), priority.id)]:
            if name in used:
                yield (*at, "id"), f"the id {name!r} is used twice."
            used.add(name)
    updates = [update.id for update in plan.updates]
    for i, update in enumerate(updates):
        if update in updates[:i]:
            yield ("updates", i, "id"), f"the id {update!r} is used twice."
    yield from _heading_mistakes(plan)


def _heading_mistakes(plan: Plan) -> Iterator[Mistake]:
    """Yield the sections of the report whose heading is missing, or stands a second time beside that of their box."""
    for i, update in enumerate(plan.updates):
        served = [box.id for box in plan.priorities if box.update == update.id]
        if len(served) == 1 and update.title:
            yield (
                ("updates", i, "title"),
                f"{update.id} serves {served[0]} alone and is called as it is. Remove the title here; the box has it.",
            )
        if len(served) != 1 and not update.title:
            serves = f"several boxes ({', '.join(served)})" if served else "no box"
            yield ("updates", i), f"{update.id} serves {serves} and has no title. Add its heading."


def _figures(at: Location, priority: Priority) -> Iterator[tuple[Location, Indicator | Measure]]:
    for kind in ("indicators", "measures"):
        figures: Sequence[Indicator | Measure] = priority.indicators if kind == "indicators" else priority.measures
        for j, figure in enumerate(figures):
            yield (*at, kind, j), figure


def _priority_mistakes(plan: Plan, at: Location, priority: Priority) -> Iterator[Mistake]:
    updates = [update.id for update in plan.updates]
    if priority.update not in updates:
        yield (*at, "update"), f"there is no update {priority.update!r}; expected one of {', '.join(updates)}."
    for place, figure in _figures(at, priority):
        if not figure.id.startswith(priority.id + "."):
            yield (*place, "id"), f"the id {figure.id!r} does not start with its priority's id {priority.id!r}."
        yield from _figure_mistakes(plan, place, figure)
    for name in priority.footnotes:
        if name not in plan.footnotes:
            yield (*at, "footnotes"), f"there is no footnote {name!r}."
    if priority.chart is not None and priority.chart not in priority.series:
        known = ", ".join(priority.series) or "none"
        words = f"no figure of {priority.id} reads a series {priority.chart!r}; expected one of: {known}."
        yield (*at, "chart"), words
    yield from find_chart_mistakes(plan, at, priority)


def _figure_mistakes(plan: Plan, at: Location, figure: Indicator | Measure) -> Iterator[Mistake]:
    for key, name in (("series", figure.series), ("baseline_series", figure.baseline_series)):
        if name is not None and name not in plan.series:
            yield (*at, key), f"there is no series {name!r}. Correct the name or add the series."
            return
    if figure.series and figure.compare is None:
        yield at, f"{figure.id} has a series but no `compare`. Say which periods it compares."
    if figure.series and plan.series[figure.series].table in plan.tables:
        yield from find_period_mistakes(plan, at, figure)
        yield from find_picture_mistakes(plan, at, figure)
    if isinstance(figure, Indicator):
        yield from find_indicator_mistakes(plan, at, figure)
