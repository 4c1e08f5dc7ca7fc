"""Characters that cannot be printed, found where the office wrote them, before anything is made of the texts."""

from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from panelpack.config.configuration import Configuration
from panelpack.config.sources import SOURCES_FILE
from panelpack.config.strict_yaml import AsWritten, Location, read_text
from panelpack.config.yaml_text import parse_yaml
from panelpack.errors import ConfigurationError, shown
from panelpack.pack_files import layout_files
from panelpack.rendering.fonts import lacking, named

CHARACTERS_SHOWN = 50
# What a file's layout names stands in the supplier's file and is never printed.
UNPRINTED = "layout"


def check_characters(office: Configuration) -> None:
    """Raise ConfigurationError that lists every character of the office's texts that the fonts of the pack lack.

    Those are the texts of the plan and its presets, of parameters, commentary, corrections and sources.
    """
    project, quarter = office.project, office.quarter
    files = [
        project.plan(quarter),
        *layout_files(project.layouts),
        project.params(quarter),
        project.commentary(quarter),
        project.corrections,
        project.guarded_corrections(quarter),
        project.raw(quarter) / SOURCES_FILE,
    ]
    found = [sentence for path in files if path.is_file() for sentence in _in_file(path)]
    if len(found) > CHARACTERS_SHOWN:
        found[CHARACTERS_SHOWN:] = [f"{len(found) - CHARACTERS_SHOWN} more such characters are not shown."]
    if found:
        raise ConfigurationError("\n".join(found))


def _in_file(path: Path) -> Iterator[str]:
    text = read_text(path)
    places = _in_commentary(text) if path.suffix == ".md" else _in_values(text, shown(path))
    for line, character in sorted(set(places)):
        what = "is not in the fonts of the pack" if character.isprintable() else "cannot be printed"
        remedy = "Write it in words" if character.isprintable() else "Remove it"
        yield f"{shown(path)}, line {line}: the character {named(character)} {what}. {remedy}."


def _in_commentary(text: str) -> Iterator[tuple[int, str]]:
    if lacking(text):
        for number, line in enumerate(text.split("\n"), start=1):
            yield from ((number, character) for character in lacking(line))


def _in_values(text: str, source: str) -> Iterator[tuple[int, str]]:
    """Yield what the keys and values of a YAML text hold; its remarks are nobody's to print."""
    _, places = parse_yaml(text, source, AsWritten)
    lines = text.split("\n")
    begins = sorted({*places.lines.values(), len(lines) + 1})
    for at, written in places.written.items():
        if UNPRINTED in at:
            continue
        for character in lacking(written + _key(at)):
            first = places.lines[at]
            own = range(first, begins[bisect_right(begins, first)])  # a text may be of several lines
            # A character that is written as an escape is in none of them.
            yield next((number for number in own if character in lines[number - 1]), first), character


def _key(at: Location) -> str:
    return at[-1] if at and isinstance(at[-1], str) else ""
