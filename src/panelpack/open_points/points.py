"""Open points of a quarter: queries without an answer that holds, paragraphs carried over, dates, next steps, comments.

While one is open, the pack is a draft.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from panelpack.config.configuration import Configuration
from panelpack.config.parameters import Answer
from panelpack.config.strict_yaml import read_yaml
from panelpack.disclosure.quoting import is_quiet
from panelpack.errors import ConfigurationError, shown
from panelpack.formats import number
from panelpack.open_points.carried import Carried, carried_paragraphs, is_of_paragraphs, marks_of, place_of
from panelpack.open_points.comments import open_comments
from panelpack.open_points.kinds import Answered, OpenPoint
from panelpack.open_points.next_steps import Judged, open_steps
from panelpack.periods import Quarter, date_words

FIGURE = re.compile(r"\{\{\s*([A-Z]+\d+[A-Z]?\.[a-z0-9_]+)\.")  # how a reference to a figure begins


class Query(Protocol):
    """What must be known of a query of the data: `name` holds no figure, and `words` are a sentence."""

    @property
    def table(self) -> str:
        """The table of the plan."""

    @property
    def name(self) -> str:
        """What an answer calls it."""

    @property
    def words(self) -> str:
        """What was found and what was expected."""


def find_open_points(office: Configuration, queries: Iterable[Query], results: Iterable[Judged]) -> list[OpenPoint]:
    """Return every open point: queries, then paragraphs carried over, dates that are not set, next steps,
    reviewers' comments.

    results: of every indicator. Raises ConfigurationError by file and line for an answer that answers nothing, a second
    one, and one that is dated after the edition; and as `next_steps.next_steps_of` and `comments.open_comments` do.
    """
    return [*open_queries(office, queries), *open_in_writing(office, results), *open_comments(office)]


def open_queries(office: Configuration, queries: Iterable[Query]) -> list[OpenPoint]:
    """Return the queries without an answer that holds. Raises ConfigurationError as `find_open_points` does."""
    every = list(queries)
    answers, path = _answers_by_name(office, every), shown(office.project.params(office.quarter))
    points = []
    for query in every:
        answer = answers.get(query.name)
        if answer and not _is_older_than_file(office, query, answer):
            continue
        is_shown = may_be_shown(office, query.table)
        joint = ":" if query.words[:1].isupper() else ","  # what is asked may be a sentence of its own
        words = f"{query.table}{joint} {query.words}" if is_shown else f"{query.name}: its figures may not be shown."
        remedy = f"Answer it in {path}."
        if answer:
            received = date_words(office.sources.by_table[query.table].received)
            words += f" The answer of {date_words(answer.date)} is older than the file, received on {received}."
            remedy = f"Look into it again, and date its answer in {path} anew."
        points.append(OpenPoint("query", query.name, words, remedy, is_shown))
    return points


def answered(office: Configuration, queries: Iterable[Query]) -> list[tuple[Query, Answer]]:
    """Return each query that has an answer that holds, and the answer. Raises ConfigurationError as above."""
    every = list(queries)
    answers = _answers_by_name(office, every)
    pairs = [(query, answers[query.name]) for query in every if query.name in answers]
    return [(query, answer) for query, answer in pairs if not _is_older_than_file(office, query, answer)]


class Asked(NamedTuple):
    """What was asked of a quarter's data: what is open, and the answers that may be shown."""

    open: list[OpenPoint]
    answers: list[Answered]


NOTHING_ASKED = Asked([], [])  # of data that did not pass the checks


def asked(office: Configuration, queries: Sequence[Query]) -> Asked:
    """Return what is open of the queries and what is answered. Raises ConfigurationError as find_open_points does."""
    return Asked(open_queries(office, queries), answers_to_show(office, answered(office, queries)))


def answers_to_show(office: Configuration, pairs: Iterable[tuple[Query, Answer]]) -> list[Answered]:
    """Return the answered queries of tables that may be shown; what those of internal tables quote is left out."""
    rows = []
    for query, answer in pairs:
        if may_be_shown(office, query.table):
            is_of_cells = query.table in office.plan.tables and is_quiet(office, query.table)
            words = f"{query.name} (figures not shown)" if is_of_cells else query.words
            rows.append(Answered(query.table, query.name, words, answer.reason, answer.role, answer.date))
    return rows


def may_be_shown(office: Configuration, table: str) -> bool:
    """Whether a query of a table may be named outside the office: none of a table withheld or about persons may.

    A query of no single table, such as of a lost folder, may.
    """
    spec = office.plan.tables.get(table)
    return spec is None or not (spec.is_about_persons or office.withheld(table))


def open_in_writing(office: Configuration, results: Iterable[Judged]) -> list[OpenPoint]:
    """Return what is open of the commentary, of dates and of next steps; no data are read.

    The paragraphs carried over are one point, since they are read together. results: of every indicator. Raises
    ConfigurationError as `next_steps.next_steps_of` does.
    """
    path = shown(office.project.params(office.quarter))
    unread = _unread(office)
    points = [_carried_point(office, unread, path)] if unread else []
    points += [
        OpenPoint(
            "date",
            f"date {name}",
            f"The date {name!r} is not set.",
            f"Set it in {path}, under dates; or remove it, with the words that name it.",
            at=("dates", name),
        )
        for name, day in office.parameters.dates.items()
        if day is None
    ]
    return [*points, *_awaited(office), *open_steps(office, results)]


def _awaited(office: Configuration) -> Iterator[OpenPoint]:
    """Yield the texts that name figures of a table that is awaited: they stand there as not known yet."""
    awaited = office.awaited_figures
    if not awaited:
        return
    texts = [(place_of(one), one.text) for section in office.commentary.sections for one in section.paragraphs]
    texts += [(f"flag {name}", text) for name, text in office.parameters.flags.items()]
    for place, text in texts:
        if named := sorted(set(FIGURE.findall(text)) & awaited):
            words = f"{place[:1].upper()}{place[1:]} names figures that are awaited: {', '.join(named)}."
            remedy = "Make the pack again when the file is here; or say in words that they have not come."
            yield OpenPoint("figure", f"awaited {place}", words, remedy)


# ------------------------------------------------------------------------------------------------ answers
def _answers_by_name(office: Configuration, queries: Sequence[Query]) -> dict[str, Answer]:
    """Return the answers to these queries by name. Raises ConfigurationError with every answer that cannot be one."""
    known, last = {query.name for query in queries}, office.parameters.day
    first_line: dict[str, int] = {}
    mistakes = []
    for line, answer in _with_lines(office):
        name = answer.what
        if name in first_line:
            mistakes.append((line, f"{name!r} is answered twice, first in line {first_line[name]}. Remove one."))
        elif is_of_paragraphs(name):
            if not marks_of(name):
                expected = f"the marks of the paragraphs, as make validate Q={office.quarter} prints them"
                mistakes.append((line, f"found {name!r}, expected {expected}. Correct the answer."))
        elif name not in known:
            closest = difflib.get_close_matches(name, sorted(known), n=1)
            correct = f", or correct its name: {closest[0]!r}" if closest else ""
            mistakes.append((line, f"no query is called {name!r}. Remove the answer{correct}."))
        if answer.date > last:
            late = f"{date_words(answer.date)}, expected no day after that of the edition, {date_words(last)}"
            mistakes.append((line, f"the answer is dated {late}. Correct the date."))
        first_line.setdefault(name, line)
    if mistakes:
        path = shown(office.project.params(office.quarter))
        raise ConfigurationError("\n".join(f"{path}, line {line}: answers: {words}" for line, words in mistakes))
    return {answer.what: answer for answer in office.parameters.answers if answer.what in known}


def _with_lines(office: Configuration) -> list[tuple[int, Answer]]:
    answers = office.parameters.answers
    lines = read_yaml(office.project.params(office.quarter))[1] if answers else {}
    return [(lines["answers", place], answer) for place, answer in enumerate(answers)]


def _is_older_than_file(office: Configuration, query: Query, answer: Answer) -> bool:
    source = office.sources.by_table.get(query.table)
    return source is not None and answer.date < source.received


# ------------------------------------------------------------------------------------------------ paragraphs
def _unread(office: Configuration) -> list[Carried]:
    """Return the paragraphs carried over that no answer names.

    An answer may go on naming paragraphs that were written anew after it. One from before the quarter's end came over
    with the parameters of the quarter before, and does not hold.
    """
    answers = [answer for answer in office.parameters.answers if is_of_paragraphs(answer.what)]
    read = {mark for answer in answers if not _is_early(office, answer) for mark in marks_of(answer.what)}
    return [carried for carried in carried_paragraphs(office) if carried.mark not in read]


def _is_early(office: Configuration, answer: Answer) -> bool:
    return answer.date.isoformat()[:7] <= office.quarter.months[-1]


def _carried_point(office: Configuration, unread: Sequence[Carried], path: str) -> OpenPoint:
    by_quarter: dict[Quarter, list[Carried]] = {}
    for carried in unread:
        by_quarter.setdefault(carried.since, []).append(carried)
    verb = "stands" if len(unread) == 1 else "stand"
    counted = f"{number(len(unread))} of {number(_count_written(office))} paragraphs {verb} word for word in"
    where = [f"that of {since.words}: {_places(by_quarter[since])}" for since in sorted(by_quarter, reverse=True)]
    words = f"{counted} the commentary {where[0].removeprefix('that ')}."
    if len(where) > 1:
        words = f"{counted} earlier commentaries: in {'; in '.join(where)}."
    if any(is_of_paragraphs(a.what) and _is_early(office, a) for a in office.parameters.answers):
        words += " An answer from before the end of the quarter does not hold."
    remedy = f"Read them. Write anew what no longer holds, and confirm the rest with one answer in {path}."
    return OpenPoint("carried", Carried.name_of(unread), words, remedy)


def _places(carried: Sequence[Carried]) -> str:
    """Name paragraphs by their numbers, and comments by their boxes."""
    numbered = [one.paragraph.number for one in carried if one.paragraph.number]
    boxes = dict.fromkeys(one.place for one in carried if not one.paragraph.number)
    where = [
        f"paragraph{'s' * (len(numbered) > 1)} {', '.join(_runs(numbered))}" * bool(numbered),
        f"comments of {', '.join(boxes)}" * bool(boxes),
    ]
    return " and ".join(filter(None, where))


def _runs(numbers: Sequence[int]) -> list[str]:
    """Return rising numbers as words, three and more in a row as '4 to 9'."""
    runs: list[list[int]] = []
    for one in numbers:
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    words = [[f"{run[0]} to {run[-1]}"] if len(run) > 2 else list(map(str, run)) for run in runs]
    return [word for run in words for word in run]


def _count_written(office: Configuration) -> int:
    return sum(len(section.paragraphs) for section in office.commentary.sections)
