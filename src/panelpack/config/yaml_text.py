"""The text of a YAML file as plain data, with the line of every key and item. Every text is data or one sentence.

A value that YAML takes for a number, a date or a truth and that is none (31 September, 0o99) stays the text that is
written there: the model that it is held to names it, with all other mistakes of the file. Keys are texts always.
"""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

import yaml

from panelpack.errors import ConfigurationError

Location = tuple[Hashable, ...]
DEEPEST = 50  # levels of one thing inside another
MOST_REPEATED = 10_000  # values that aliases may repeat; ten aliases of aliases would make ten thousand million
# A file that opens more than so many lists and mappings is measured before the compiled reader, which would crash.
MANY_OPENED = 10_000
# What no text of a YAML file may hold: control characters, halves of characters, and the mark of another byte order.
UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
PLAIN_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9_]*)")
# What the reader finds wrong, and what a person does about it.
REMEDIES = {
    "mapping values are not allowed": "Put a text that has ': ' in it into quotation marks",
    "found another document": "Remove the line of three dashes, or what stands below it",
    "undefined alias": "Put a text that begins with * into quotation marks",
    "did not find expected alphabetic": "Put a text that begins with & or * into quotation marks",
    "could not determine a constructor": "Put a text that begins with ! into quotation marks",
    "did not find expected key": "Look for a quotation mark or a bracket, here or above, that is not closed, and for "
    "lines that are not below each other",
    "found unexpected end of stream": "Close the quotation marks that begin here",
    "could not find expected ':'": "Write a key, a colon and a blank before the value",
}


@dataclass
class Places:
    """Where things stand in a file: the line of every key and item, and how each single value is written there."""

    lines: dict[Location, int] = field(default_factory=lambda: {(): 1})
    written: dict[Location, str] = field(default_factory=dict)


class _KeysAreTexts:
    """Reads every key as the text that stands in the file; YAML would make a number of `2015`, a truth of `no`."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:
        """Return a mapping, with those that it merges (`<<`) where the loader knows such."""
        if flatten := getattr(self, "flatten_mapping", None):
            flatten(node)
        return {key.value: self.construct_object(value, deep=deep) for key, value in node.value}  # type: ignore[attr-defined]


_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Loader(_KeysAreTexts, _Safe):  # which of yaml's loaders it is depends on how yaml was built
    """Reads numbers, dates and truths where they are such, and texts everywhere else."""


class AsWritten(_KeysAreTexts, _Base):
    """Leaves every value as the text that stands in the file (`010`, `no`, `28.00`); where nothing stands, as None."""

    def construct_scalar(self, node: yaml.ScalarNode) -> str | None:
        """Return a value's text; None where there is not even a pair of quotation marks."""
        text: str = super().construct_scalar(node)
        return text if node.value or node.style else None


def _or_text(construct: Callable[[Any, yaml.ScalarNode], Any]) -> Callable[[Any, yaml.ScalarNode], Any]:
    def constructed(loader: Any, node: yaml.ScalarNode) -> Any:
        try:
            return construct(loader, node)
        except (ValueError, KeyError, AttributeError, OverflowError):
            return loader.construct_scalar(node)

    return constructed


def _number(loader: Any, node: yaml.ScalarNode) -> Any:
    """Return a whole number as a person reads it; yaml takes 010 for eight and 12:30 for 750."""
    if not PLAIN_NUMBER.fullmatch(node.value):
        raise ValueError(node.value)
    return loader.construct_yaml_int(node)


for _tag, _construct in (
    ("int", _number),
    ("float", _Safe.construct_yaml_float),
    ("bool", _Safe.construct_yaml_bool),
    ("timestamp", _Safe.construct_yaml_timestamp),
):
    Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _or_text(_construct))
Loader.add_constructor("tag:yaml.org,2002:value", _Safe.construct_yaml_str)  # a lone =


def parse_yaml(text: str, source: str, loader: Any) -> tuple[object, Places]:
    """Return the data of a text and where everything in it stands. `loader`: Loader or AsWritten.

    Raises ConfigurationError for what is not YAML, a key that stands twice, and what is nested or repeated too much.
    """

    def fail(line: int, sentence: str) -> ConfigurationError:
        return ConfigurationError(f"{source}, line {line}: {sentence}")

    unreadable = UNREADABLE.search(text.removeprefix("\ufeff"))
    if unreadable:
        at = text.find(unreadable[0], 1 if unreadable[0] == "\ufeff" else 0)
        number, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        raise fail(number, f"character {column} cannot be read (U+{ord(unreadable[0]):04X}). Remove it.")
    places = Places()
    try:
        if sum(text.count(sign) for sign in ("[", "{", "- ", "? ")) > MANY_OPENED:
            _measure(text, loader, fail)
        reading = loader(text)
        node = reading.get_single_node()
        if node is None:
            return None, places
        _Noting(places, fail).note(node, ())
        return reading.construct_document(node), places
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        line = min(mark.line, max(len(text.splitlines()) - 1, 0)) if mark else 0
        if "\t" in _indent(text, line):
            raise fail(line + 1, "a tab stands at the beginning of the line, expected blanks. Write blanks.") from None
        remedy = next((remedy for words, remedy in REMEDIES.items() if words in problem), "Correct the line")
        raise fail(line + 1, f"this is not YAML: {problem.removeprefix('but ')}. {remedy}.") from None


class _Noting:
    """Notes where the parts of a document stand, and refuses what would never end or could not be held."""

    def __init__(self, places: Places, fail: Callable[[int, str], ConfigurationError]):
        self._places, self._fail = places, fail
        self._above: list[yaml.Node] = []
        self._known: set[int] = set()
        self._repeated = 0

    def note(self, node: yaml.Node, at: Location) -> None:
        """Note a node and all below it. Raises ConfigurationError."""
        line = node.start_mark.line + 1
        self._places.lines[at] = line
        self._repeated += id(node) in self._known
        self._known.add(id(node))
        if any(node is above for above in self._above):
            raise self._fail(line, "an alias (*) stands inside what it repeats. Write out what is meant.")
        if self._repeated > MOST_REPEATED:
            raise self._fail(line, f"aliases (*) repeat more than {MOST_REPEATED:,} values. Write out what is meant.")
        if len(self._above) > DEEPEST:
            raise self._fail(line, f"more than {DEEPEST} levels stand one inside another. Correct the line.")
        if isinstance(node, yaml.ScalarNode):
            self._places.written[at] = node.value
            return
        self._above.append(node)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self._note_key(key, value, at)
        else:
            for number, value in enumerate(node.value):
                self.note(value, (*at, number))
        self._above.pop()

    def _note_key(self, key: yaml.Node, value: yaml.Node, at: Location) -> None:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise self._fail(
                line, "a list or a mapping stands where a key should, expected a text. Put what begins with [ or { "
                "into quotation marks."
            )  # fmt: skip
        inner = (*at, key.value)
        if inner in self._places.lines:
            # YAML would keep the last of the two without a word.
            raise self._fail(
                line, f"{key.value!r} stands twice, first in line {self._places.lines[inner]}. Remove one."
            )
        self.note(value, inner)
        self._places.lines[inner] = line


def _measure(text: str, loader: Any, fail: Callable[[int, str], ConfigurationError]) -> None:
    """Raise ConfigurationError for what is nested too deep, without holding any of it."""
    reading, depth = loader(text), 0
    while reading.check_event():
        event = reading.get_event()
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST + 1:
            line = event.start_mark.line + 1
            raise fail(line, f"more than {DEEPEST} levels stand one inside another. Correct the line.")


def _indent(text: str, line: int) -> str:
    lines = text.splitlines()
    return lines[line][: len(lines[line]) - len(lines[line].lstrip())] if line < len(lines) else ""
