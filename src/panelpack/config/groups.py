"""The most similar forces of each force, as a person typed them from a source: params/groups.yml."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field

from panelpack.config.strict_yaml import Mistake, Strict, load

Name = Annotated[str, Field(min_length=1)]


class Group(Strict):
    """The forces that a source calls most similar to one. Of these it need not be a most similar force itself."""

    force: Name
    others: list[Name] = Field(min_length=1)
    source: str = Field(min_length=1, description="who published the group, and where")
    year: int = Field(ge=1000, le=9999, description="the year of the source")


class Groups(Strict):
    """params/groups.yml."""

    version: int = Field(ge=1, le=1)
    groups: list[Group] = []

    def mistakes_by(self, known: Collection[str]) -> Iterator[Mistake]:
        """Yield what cannot be. known: the forces of the official table."""
        given: set[tuple[str, int]] = set()
        for place, group in enumerate(self.groups):
            at = ("groups", place)
            for key, names in (("force", [group.force]), ("others", group.others)):
                for name in names:
                    if name not in known:
                        yield (*at, key), f"{name!r} is no force of the official table. Write it as the table does."
            if group.force in group.others:
                yield (*at, "others"), f"{group.force!r} is in its own group. Remove it."
            if twice := sorted({name for name in group.others if group.others.count(name) > 1}):
                yield (*at, "others"), f"{twice[0]!r} stands twice. Remove one."
            if (group.force, group.year) in given:
                yield (*at, "year"), f"a group of {group.force!r} and {group.year} stands twice. Remove one."
            given.add((group.force, group.year))

    def of(self, force: str, year: int) -> Group | None:
        """Return the latest group of a force that a year knew; None where there is none."""
        known = [group for group in self.groups if group.force == force and group.year <= year]
        return max(known, key=lambda group: group.year, default=None)


def load_groups(path: Path, known: Collection[str]) -> Groups:
    """Read params/groups.yml; nothing where there is no file. Raises ConfigurationError by file and line."""
    if not path.exists():
        return Groups(version=1)
    return load(path, Groups, lambda groups: groups.mistakes_by(known))
