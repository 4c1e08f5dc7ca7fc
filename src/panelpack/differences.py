"""What differs between two manifests of a quarter, down to the figure, and what explains it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from panelpack.manifest import FILES

TABLES = (".csv", ".xlsx")  # outputs that hold figures and nothing of how a page looks


@dataclass(frozen=True)
class Change:
    """One thing that differs: what it is called, what the recorded manifest has, and what was found."""

    name: str
    recorded: str
    found: str

    @property
    def kind(self) -> str:
        """'changed', 'missing' or 'new'."""
        return "new" if not self.recorded else "changed" if self.found else "missing"


@dataclass(frozen=True)
class Differences:
    """All that differs between the recorded manifest of a quarter and that of a run.

    files: changes by section of manifest.FILES (sha256); versions: of Python and packages; figures: changes named
    'indicator.field', values as the tables have them; paragraphs: by number (sha256 of the text); parameters: by step.
    """

    files: Mapping[str, tuple[Change, ...]]
    versions: tuple[Change, ...]
    parameters: tuple[Change, ...]
    figures: tuple[Change, ...]
    paragraphs: tuple[Change, ...]
    cited: Mapping[str, tuple[str, ...]]

    @property
    def inputs(self) -> tuple[Change, ...]:
        """Changes of files that the pack is made from."""
        return self.files["inputs"]

    @cached_property
    def moved(self) -> dict[str, tuple[Change, ...]]:
        """The changes of each indicator or measure that moved, fields without the indicator's name."""
        found: dict[str, list[Change]] = {}
        for change in self.figures:
            indicator, _, field = change.name.rpartition(".")
            found.setdefault(indicator, []).append(Change(field, change.recorded, change.found))
        return {indicator: tuple(changes) for indicator, changes in found.items()}

    def says(self, indicator: str) -> list[str]:
        """Return the numbers of the changed paragraphs that cite an indicator."""
        return [change.name for change in self.paragraphs if indicator in self.cited.get(change.name, ())]

    @property
    def causes(self) -> tuple[Change, ...]:
        """All that can explain a difference: inputs, code, versions, parameters."""
        return (*self.inputs, *self.files["code"], *self.versions, *self.parameters)

    @property
    def results(self) -> tuple[Change, ...]:
        """Outputs of any kind that differ."""
        return (*self.files["intermediate"], *self.files["outputs"], *self.files["pages"])

    @property
    def identical(self) -> bool:
        """Whether nothing differs."""
        return not (self.causes or self.results or self.figures or self.paragraphs)

    @property
    def rendering_only(self) -> bool:
        """Whether only pages and notebooks differ: every figure, paragraph and table agrees, and every input."""
        tables = [change for change in self.results if change.name.endswith(TABLES)]
        inside = [*self.inputs, *self.files["intermediate"], *self.figures, *self.paragraphs, *tables]
        return bool(self.results) and not inside


def between(recorded: Mapping, found: Mapping) -> Differences:
    """Compare two manifests of one quarter."""
    paragraphs = {name: part["sha256"] for name, part in recorded["paragraphs"].items()}
    paragraphs_found = {name: part["sha256"] for name, part in found["paragraphs"].items()}
    return Differences(
        files={section: _changes(_hashes(recorded, section), _hashes(found, section)) for section in FILES},
        versions=_changes(_versions(recorded), _versions(found)),
        parameters=_changes(_texts(recorded["parameters"]), _texts(found["parameters"])),
        figures=_changes(_fields(recorded["figures"]), _fields(found["figures"])),
        paragraphs=_changes(paragraphs, paragraphs_found),
        cited={
            name: (*recorded["paragraphs"].get(name, {}).get("figures", ()), *part["figures"])
            for name, part in (recorded["paragraphs"] | found["paragraphs"]).items()
        },
    )


def _changes(recorded: Mapping[str, str], found: Mapping[str, str]) -> tuple[Change, ...]:
    names = sorted({*recorded, *found}, key=_in_order)
    pairs = ((name, recorded.get(name, ""), found.get(name, "")) for name in names)
    return tuple(Change(*pair) for pair in pairs if pair[1] != pair[2])


def _in_order(name: str) -> tuple[int, str]:
    """Numbers by their size, before names."""
    return (int(name), "") if name.isdecimal() else (10**9, name)


def _hashes(manifest: Mapping, section: str) -> dict[str, str]:
    return {name: entry["sha256"] for name, entry in manifest.get(section, {}).items()}


def _versions(manifest: Mapping) -> dict[str, str]:
    return {"Python": manifest["python"], **manifest["packages"]}


def _texts(parts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {name: ", ".join(f"{key} = {value}" for key, value in part.items()) for name, part in parts.items()}


def _fields(figures: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {f"{name}.{field}": value for name, part in figures.items() for field, value in part.items()}
