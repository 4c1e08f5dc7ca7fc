"""A text with its references replaced, and the figures that it cites."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Cited:
    """A figure that a text cites: its id, the field, the words it became, and whether those are a number."""

    indicator: str
    field: str
    words: str
    number: bool


@dataclass(frozen=True)
class Resolved:
    """A text with its references replaced, and the figures that it cites."""

    text: str
    cited: tuple[Cited, ...]

    @property
    def numbers(self) -> str:
        """The numbers cited, figure by figure: 'ID: latest 12, baseline 15; ...'."""
        by_figure: dict[str, dict[str, str]] = {}
        for cited in self.cited:
            if cited.number:
                by_figure.setdefault(cited.indicator, {})[cited.field] = cited.words
        parts = (", ".join(f"{field} {words}" for field, words in fields.items()) for fields in by_figure.values())
        return "; ".join(f"{figure}: {part}" for figure, part in zip(by_figure, parts, strict=True))

    @property
    def origin(self) -> str:
        """'computed' when figures stand in it, else 'written'."""
        return "computed" if self.cited else "written"


def plain(text: str) -> str:
    """Return a resolved text without its Markdown: links become their words."""
    return re.sub(r"\*+([^*]+)\*+", r"\1", re.sub(r"\[([^]]+)\]\([^)]*\)", r"\1", text))
