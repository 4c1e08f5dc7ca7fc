"""What the keys and columns mean, where no model says so: docs/reference/meanings.yml."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

MEANINGS = "docs/reference/meanings.yml"


@dataclass
class Meanings:
    """meanings.yml, and which of it was used: what is missing or left over is a mistake."""

    known: dict[str, Any]
    missing: list[str]
    used: set[tuple[str, ...]]

    @classmethod
    def read(cls, root: Path) -> "Meanings":
        """Read the file of a project."""
        return cls(yaml.safe_load((root / MEANINGS).read_text(encoding="utf-8")), [], set())

    def of(self, section: str, *places: tuple[str, ...]) -> str:
        """Return the meaning at the first of the places of a section that has one; note it where none has."""
        for place in places:
            found: Any = self.known[section]
            for name in place:
                found = found.get(name, {}) if isinstance(found, dict) else {}
            if isinstance(found, str):
                self.used.add((section, *place))
                return found
        self.missing.append(f"{MEANINGS}: {' '.join((section, *places[0]))} has no meaning. Add it.")
        return ""

    def mistakes(self) -> list[str]:
        """Return a sentence for each meaning that is missing or left over."""
        left = sorted(set(_leaves(self.known)) - self.used)
        return [
            *dict.fromkeys(self.missing),
            *(f"{MEANINGS}: {' '.join(place)} is no key or column, or needs no meaning. Remove it." for place in left),
        ]


def _leaves(tree: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, branch in tree.items():
        if isinstance(branch, dict):
            yield from _leaves(branch, (*above, name))
        else:
            yield (*above, name)
