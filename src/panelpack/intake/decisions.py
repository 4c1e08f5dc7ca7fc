"""What is to be decided of a quarter that was just started, a line each, with the file and its line.

An emptied key is told with what to write there; what came along from the quarter before, that it may no longer hold.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from panelpack.config.commentary import paragraphs_of
from panelpack.config.sources import SOURCES_FILE
from panelpack.config.strict_yaml import Lines, Location, read_yaml
from panelpack.errors import shown
from panelpack.periods import MONTH_NAMES, Quarter
from panelpack.project import Project

OPENING = 60  # letters by which a paragraph is known again
MONTH = "|".join(MONTH_NAMES)
# Of a paragraph: a date of the parameters, or one that was typed.
DATED = re.compile(
    rf"\{{\{{\s*date:|\b\d{{1,2}}(?:st|nd|rd|th)? (?:{MONTH})\b|\b(?:{MONTH}) \d{{4}}\b|\b(?:19|20)\d\d\b"
)
YEAR_IN_NAME = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Texts that came along as they were.
KEPT = ("lists", "implications", "background_papers", "contacts")


def decisions(project: Project, quarter: Quarter, before: Quarter) -> Iterator[str]:
    """Yield what of a started quarter must be decided: of its parameters, its commentary and its sources."""
    yield from _of_parameters(project, quarter, before)
    yield from _of_commentary(project.commentary(quarter), quarter, before)
    yield from _of_sources(project.raw(quarter) / SOURCES_FILE, before)


def mapping(value: object) -> Mapping[str, Any]:
    """Return a mapping of a YAML file; an empty one where something else stands."""
    return value if isinstance(value, dict) else {}


def is_step(entry: object) -> bool:
    """Whether an entry of next_steps names a step, and not only what became of the one before."""
    return bool({"what", "paragraph"} & {key for key, value in mapping(entry).items() if value})


# ------------------------------------------------------------------------------------------------ parameters
def _of_parameters(project: Project, quarter: Quarter, before: Quarter) -> Iterator[str]:
    path = project.params(quarter)
    data, lines = read_yaml(path)
    now, was = mapping(data), mapping(read_yaml(project.params(before))[0])
    found = [*_emptied(now, was), *_came_along(now, was, before), *_gone(now, was, before)]
    for at, words in sorted(found, key=lambda one: _line(lines, one[0])):
        yield f"{_place(path, lines, at)}: {words}"


def _emptied(now: Mapping[str, Any], was: Mapping[str, Any]) -> Iterator[tuple[Location, str]]:
    """Yield every key under which nothing stands any more, and what to write there."""
    for key, what in (("meeting_date", "the day of the meeting"), ("data_due", "when the files should be here")):
        if key in now and now[key] is None:
            yield (key,), f"{key}: write {what}."
    for name, day in mapping(now.get("dates")).items():
        if day is None:
            yield ("dates", name), f"dates, {name}: write the day, or remove it with the words that name it."
    for table, entry in mapping(now.get("availability")).items():
        status = mapping(entry).get("status")
        for key in (key for key in ("release_date", "until") if mapping(entry).get(key, "") is None):
            words = (
                f"{table} was {status}: write until when that is so of the new figures ({key}), or remove the entry."
            )
            yield ("availability", table, key), words
    for indicator, entry in mapping(now.get("assessments")).items():
        if mapping(entry).get("assessment", "") is None:
            yield ("assessments", indicator, "assessment"), f"{indicator}: write what the board assesses now."
    for indicator, entry in mapping(now.get("next_steps")).items():
        if "became" in mapping(entry):
            step = mapping(mapping(was.get("next_steps")).get(indicator))
            words = f"{indicator}: write what became of {_step_words(step)}, and the next step if one is needed."
            yield ("next_steps", indicator, "became"), words


def _step_words(step: Mapping[str, Any]) -> str:
    if step.get("paragraph"):
        return f"what the paragraph {step['paragraph']!r} announced"
    return f"{textwrap.shorten(str(step.get('what')), OPENING, placeholder=' …')!r}"


def _came_along(now: Mapping[str, Any], was: Mapping[str, Any], before: Quarter) -> Iterator[tuple[Location, str]]:
    for table, entry in mapping(now.get("availability")).items():
        if None not in mapping(entry).values():
            words = f"{table} was {mapping(entry).get('status')} in {before}: say whether it still is, and why."
            yield ("availability", table), words
    for key in (key for key in KEPT if now.get(key)):
        yield (key,), f"{key}: as in {before}; correct what no longer holds."


def _gone(now: Mapping[str, Any], was: Mapping[str, Any], before: Quarter) -> Iterator[tuple[Location, str]]:
    if was.get("flags"):
        yield ("flags",), f"flags: those of {before} are gone; write what a careful reader should know now."
    still = mapping(now.get("availability"))
    for table in (table for table in mapping(was.get("availability")) if table not in still):
        words = f"availability: {table} was awaited in {before} and is expected now; say so again if it has not come."
        yield ("availability",), words


# ------------------------------------------------------------------------------------------------ the others
def _of_commentary(path: Path, quarter: Quarter, before: Quarter) -> Iterator[str]:
    written = paragraphs_of(path)
    yield (
        f"{shown(path)}: {len(written)} paragraphs are carried from {before}; write each anew, or confirm it "
        f"(make validate Q={quarter} lists them)."
    )
    for line, text in written:
        if DATED.search(text):
            opening = textwrap.shorten(text, OPENING, placeholder=" …")
            yield f"{shown(path)}, line {line}: names a date of {before}: {opening}"


def _of_sources(path: Path, before: Quarter) -> Iterator[str]:
    data, lines = read_yaml(path)
    for name, entry in mapping(mapping(data).get("files")).items():
        keys = [key for key in ("received", "release", "embargoed_until") if mapping(entry).get(key, "") is None]
        words = f"{name}: write {' and '.join(keys)}" if keys else f"{name}: say what is known of the new file"
        if mapping(entry).get("reconstructed"):
            words += f"; that of {before} was reconstructed, say whether this one is"
        if YEAR_IN_NAME.search(name):
            words += "; its name carries a date, so name the new file in params/plan.yml, or a pattern (files)"
        yield f"{_place(path, lines, ('files', name))}: {words}."


def _line(lines: Lines, at: Location) -> int:
    while at not in lines:
        at = at[:-1]
    return lines[at]


def _place(path: Path, lines: Lines, at: Location) -> str:
    return f"{shown(path)}, line {_line(lines, at)}"
