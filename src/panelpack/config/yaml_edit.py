"""Single values of a YAML file are written in their places; every other character stays as the office wrote it."""

import json
import re
from collections.abc import Mapping

import yaml

from panelpack.config.yaml_text import Location
from panelpack.errors import UsageError

PLAIN_KEY = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)


class YamlEdit:
    """Edits of a YAML text. Each is noted, and `text` carries all of them out; none may overlap another."""

    def __init__(self, text: str, source: str):
        """Find where everything stands. The text is YAML that has been read before; source: what messages call it.

        This and every edit raise UsageError for what is written in a way that cannot be edited.
        """
        self._text, self._source = text, source
        self._line_end = "\r\n" if "\r\n" in text else "\n"
        # The compiled reader counts the places of characters otherwise after a byte order mark.
        try:
            self._root = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError:
            raise self._cannot(()) from None
        self._edits: list[tuple[int, int, str]] = []

    @property
    def text(self) -> str:
        """The text with every edit carried out."""
        edited = self._text
        for start, end, new in sorted(self._edits, reverse=True):
            edited = edited[:start] + new + edited[end:]
        return edited

    def has(self, at: Location) -> bool:
        """Whether there is such a key."""
        return self._entry(at) is not None

    def set(self, at: Location, value: str) -> None:
        """Write a value as YAML in place of the one at a location; '' leaves nothing there."""
        key, old, parent = self._found(at)
        start = self._text.index(":", key.end_mark.index) + 1
        end = max(start, self._end(old))
        if isinstance(old, yaml.ScalarNode) and old.style in ("'", '"') and value and PLAIN_KEY.fullmatch("a" + value):
            value = f"{old.style}{value}{old.style}"
        # Between braces a colon needs a blank behind it even where nothing stands.
        self._edits.append((start, end, f" {value}" if value or parent.flow_style else ""))

    def set_mapping(self, at: Location, values: Mapping[str, str]) -> None:
        """Write a mapping of single values; of one that stands there on lines of its own, lines that stay are kept."""
        key, old, parent = self._found(at)
        if parent.flow_style or not values or (isinstance(old, yaml.MappingNode) and old.flow_style):
            self.set(at, flow_mapping(values))
            return
        if not isinstance(old, yaml.MappingNode) or not old.value:
            self.set(at, "")
            self._insert_lines(self._end(old), key.start_mark.column + 2, values)
            return
        known = {inner.value: node for inner, node in old.value}
        for name in known:
            if name not in values:
                self.remove((*at, name))
            elif known[name].value != values[name]:
                self.set((*at, name), values[name])
        new = {name: value for name, value in values.items() if name not in known}
        self._insert_lines(self._end(old), old.value[0][0].start_mark.column, new)

    def remove(self, at: Location) -> None:
        """Take a key and its value, or an item of a list, out, with the lines that they fill."""
        key, old, parent = self._found(at)
        start, end = int(key.start_mark.index), self._end(old)
        if isinstance(parent, yaml.MappingNode):
            end = max(end, self._text.index(":", key.end_mark.index) + 1)
        elif not parent.flow_style:
            start = len(self._text[:start].rstrip()) - 1  # where its dash is
        if not parent.flow_style:
            if self._text[self._text.rfind("\n", 0, start) + 1 : start].strip():
                raise self._cannot(at)  # it shares its line with what it stands in
            self._edits.append((self._text.rfind("\n", 0, start) + 1, self._next_line(end), ""))
        elif after := re.compile(r"\s*,\s*").match(self._text, end):
            self._edits.append((start, after.end(), ""))
        else:
            before = re.search(r",?\s*$", self._text[:start])
            self._edits.append((before.start() if before else start, end, ""))

    def add(self, at: Location, value: str, after: str) -> None:
        """Add a key with its value behind another key of the same mapping."""
        key, old, parent = self._found((*at[:-1], after))
        if parent.flow_style:
            self._edits.append((self._end(old), self._end(old), f", {key_text(str(at[-1]))}: {value}"))
        else:
            self._insert_lines(self._end(old), key.start_mark.column, {str(at[-1]): value})

    def append(self, key: str, values: Mapping[str, str]) -> None:
        """Write a mapping of single values as the last item of the file's list `key`, which need not be there yet."""
        if not isinstance(self._root, yaml.MappingNode) or self._root.flow_style:
            raise self._cannot((key,))
        if not self.has((key,)):
            self._insert_written(len(self._text), [f"{key_text(key)}:", *_item(values, 2)])
            return
        name, old, _ = self._found((key,))
        if isinstance(old, yaml.SequenceNode) and old.value and old.flow_style:
            end = self._end(old.value[-1])
            self._edits.append((end, end, f", {flow_mapping(values)}"))
        elif isinstance(old, yaml.SequenceNode) and old.value:
            self._insert_written(self._end(old), _item(values, old.start_mark.column))
        elif isinstance(old, yaml.SequenceNode) or old.value == "":
            self.set((key,), "")
            self._insert_written(self._end(old), _item(values, name.start_mark.column + 2))
        else:
            raise self._cannot((key,))

    def _insert_lines(self, end: int, column: int, values: Mapping[str, str]) -> None:
        """Write keys and values below the line in which a value ends."""
        if values:
            self._insert_written(end, _lines(values, column))

    def _insert_written(self, end: int, written: list[str]) -> None:
        """Put lines below the line in which a value ends."""
        lines = "".join(f"{line}{self._line_end}" for line in written)
        place = self._next_line(end)
        if place and self._text[place - 1] != "\n":  # the file ends inside its last line
            lines = self._line_end + lines.removesuffix(self._line_end)
        self._edits.append((place, place, lines))

    def _next_line(self, place: int) -> int:
        """Return where the line after a place begins."""
        return self._text.find("\n", place) + 1 or len(self._text)

    def _entry(self, at: Location) -> tuple[yaml.Node, yaml.Node, yaml.CollectionNode] | None:
        """Return key, value and what they stand in; of an item of a list, named by its place, the item for the key."""
        here: yaml.Node | None = self._root
        found: tuple[yaml.Node, yaml.Node, yaml.CollectionNode] | None = None
        for part in at:
            if isinstance(here, yaml.SequenceNode):
                pair = next(((item, item) for place, item in enumerate(here.value) if place == part), None)
            elif isinstance(here, yaml.MappingNode):
                pair = next((pair for pair in here.value if pair[0].value == part), None)
            else:
                return None
            if pair is None:
                return None
            found, here = (*pair, here), pair[1]
        return found

    def _found(self, at: Location) -> tuple[yaml.Node, yaml.Node, yaml.CollectionNode]:
        entry = self._entry(at)
        if entry is None:
            raise self._cannot(at)
        is_key = isinstance(entry[2], yaml.MappingNode)
        if is_key and ":" not in self._text[entry[0].end_mark.index :]:
            raise self._cannot(at)
        return entry

    def _cannot(self, at: Location) -> UsageError:
        place = ", ".join(map(str, at)) or "the file"
        return UsageError(
            f"{self._source}: {place} is written in a way that this command cannot change, and was left as it is. "
            "Change it by hand."
        )

    def _end(self, node: yaml.Node) -> int:
        """Return where the last character of a value ends."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end(last[1] if isinstance(last, tuple) else last)
        end = int(node.end_mark.index)
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            end = int(node.start_mark.index) + len(self._text[node.start_mark.index : end].rstrip())
        return end


def _lines(values: Mapping[str, str], column: int) -> list[str]:
    """Return keys and values as lines that begin in a column."""
    return [f"{' ' * column}{key_text(name)}: {value}".rstrip() for name, value in values.items()]


def _item(values: Mapping[str, str], column: int) -> list[str]:
    """Return a mapping as an item of a list whose dash stands in a column."""
    first, *more = _lines(values, column + 2)
    return [f"{' ' * column}- {first.lstrip()}", *more]


def flow_mapping(values: Mapping[str, str]) -> str:
    """Return a mapping between braces."""
    return "{" + ", ".join(f"{key_text(name)}: {value}" for name, value in values.items()) + "}"


def key_text(name: str) -> str:
    """Return a key as it is written in YAML."""
    return name if PLAIN_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)
