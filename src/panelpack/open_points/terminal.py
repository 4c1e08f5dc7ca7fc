"""Open points at the terminal: what is open, and the answers as they are to be pasted into the parameters."""

from collections.abc import Iterator, Sequence

import yaml

from panelpack.config.configuration import Configuration
from panelpack.config.parameters import Answer
from panelpack.config.strict_yaml import Location, read_yaml
from panelpack.errors import shown
from panelpack.formats import number
from panelpack.open_points.carried import carried_paragraphs, marks_of
from panelpack.open_points.kinds import OpenPoint
from panelpack.open_points.points import Query
from panelpack.periods import Quarter, date_words

WIDTH = 100  # of an entry to be pasted
MOST_LISTED = 10  # of a kind, at the end of a run
HEADS = {
    "query": "Queries of the data",
    "carried": "Paragraphs carried over",
    "date": "Dates not set",
    "figure": "Texts that name awaited figures",
    "step": "Indicators without a next step",
    "became": "Next steps of which nothing is told",
    "comment": "Reviewers' comments",
}
TO_ANSWER = ("query", "carried")  # the others are settled where they stand


def words_for_terminal(
    office: Configuration, points: Sequence[OpenPoint], answers: Sequence[tuple[Query, Answer]] = ()
) -> list[str]:
    """Return what is open, by kind, what is answered, and a block of YAML for the answers: a line each."""
    known = {answer.what for answer in office.parameters.answers}  # one that no longer holds is only dated anew
    lines = []
    for kind, head in HEADS.items():
        of_kind = [point for point in points if point.kind == kind]
        done = f", {number(len(answers))} answered" if kind == "query" and answers else ""
        if of_kind:
            lines.append(f"{head}: {number(len(of_kind))} open{done}.")
            for point in of_kind:
                place = _place(office, point.at)
                remedy = f" {point.remedy}" * (kind not in TO_ANSWER or point.name in known)
                lines.append(f"  {place}{point.words}{remedy}")
        elif done:
            lines.append(f"{head}: none open{done}.")
    to_answer = [point for point in points if point.kind in TO_ANSWER and point.name not in known]
    return [*lines, *_block(office, to_answer)] if to_answer else lines or ["No point is open."]


def _place(office: Configuration, at: Location) -> str:
    """Return file and line of a point, as a beginning of its words; '' for one that stands nowhere in particular."""
    if not at:
        return ""
    path = office.project.reviews if at[0] == "reviews" else office.project.params(office.quarter)
    line = read_yaml(path)[1].get(at)
    return f"{shown(path)}, line {line}: " if line else ""


def words_after_run(points: Sequence[OpenPoint], quarter: Quarter) -> list[str]:
    """Return the open points of a run that may be named, a line each, the first MOST_LISTED of each kind."""
    lines = []
    for kind, head in HEADS.items():
        of_kind = [point for point in points if point.kind == kind and point.is_shown]
        lines += [f"{head}: {number(len(of_kind))} open."] * bool(of_kind)
        lines += [f"  {point.words}" for point in of_kind[:MOST_LISTED]]
        if (more := len(of_kind) - MOST_LISTED) > 0:
            lines.append(f"  {number(more)} more: make validate Q={quarter} lists every one.")
    return lines


def words_of_embargoes(office: Configuration) -> list[str]:
    """Say which embargoes still hold in this edition, until when, and what to type then; no clock is asked."""
    return [
        f"Under embargo until {date_words(day)}: {table}. After that: "
        f'make reissue Q={office.quarter} DAY={day.isoformat()} REASON="..."'
        for table, day in office.parameters.embargoes.items()
    ]


def _block(office: Configuration, points: Sequence[OpenPoint]) -> Iterator[str]:
    path = shown(office.project.params(office.quarter))
    under = "under its answers" if office.parameters.answers else "at its end"
    yield (
        "Look into each. What is wrong is corrected where it comes from: by a new file, a correction, other words. "
        f"What is right gets an answer: paste into {path}, {under}, what follows, and write why it is "
        "right (no figure of a table that may not be shown), which role answers for it, and the day, as YYYY-MM-DD."
    )
    yield ""
    if not office.parameters.answers:
        yield "answers:"
    openings = (
        {c.mark: c.opening for c in carried_paragraphs(office)} if any(p.kind == "carried" for p in points) else {}
    )
    for point in points:
        if point.kind == "carried":
            yield from (f"  # {openings[mark]}" for mark in marks_of(point.name))
        first, *more = yaml.safe_dump({"what": point.name}, allow_unicode=True, width=WIDTH).splitlines()
        yield f"  - {first}"
        yield from (f"    {line}" for line in (*more, "reason:", "role:", "date:"))
