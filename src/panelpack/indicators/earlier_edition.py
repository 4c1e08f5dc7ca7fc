"""The edition that the present one replaces, as its manifest has it, and what is otherwise now.

Figures are compared as they are printed: what a reader of both editions sees. One whose digits changed below that, or
whose notes alone did, is told by its title.
"""

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from panelpack.config.configuration import Configuration
from panelpack.errors import SourceError, shown
from panelpack.indicators.results import IndicatorResult, count_verdicts, headline_sentence, result_as_recorded
from panelpack.project import sha256

HIDDEN = ("embargoed", "suppressed", "redacted")  # reasons for which a figure is withheld until a day


@dataclass(frozen=True)
class EarlierEdition:
    """An edition that was replaced: its number, day and seal, and what its manifest says of figures and paragraphs."""

    edition: int
    day: date
    seal: str
    commit: str
    figures: Mapping[str, Mapping[str, str]]
    paragraphs: Mapping[str, Mapping[str, Any]]


class Pair(NamedTuple):
    """A figure in the earlier edition and now; None in the one in which it is not."""

    before: IndicatorResult | None
    now: IndicatorResult | None

    @property
    def any(self) -> IndicatorResult:
        """The figure as it is now, else as it was."""
        result = self.now or self.before
        assert result is not None  # a pair of nothing is never made
        return result


class ParagraphChange(NamedTuple):
    """A numbered paragraph that is 'changed', 'new' or 'gone': its number before and now, and what figures it cites."""

    how: str
    before: str
    now: str
    cites: tuple[str, ...]


@dataclass(frozen=True)
class EditionChanges:
    """What is otherwise than in the earlier edition.

    headlines: before and now. figures: the pairs that differ in any way. paragraphs: those whose words differ. moved:
    how many stand as they did under another number.
    """

    earlier: EarlierEdition
    headlines: tuple[str, str]
    figures: tuple[Pair, ...]
    paragraphs: tuple[ParagraphChange, ...]
    moved: int

    @property
    def is_nothing(self) -> bool:
        """Whether every figure and every numbered paragraph is as it was."""
        return not (self.figures or self.paragraphs)

    @property
    def shown_now(self) -> list[Pair]:
        """The figures that were withheld until a day, and are shown now."""
        return [
            pair for pair in self.figures if pair.before and pair.now and pair.before.reason in HIDDEN
            and pair.now.reason not in HIDDEN
        ]  # fmt: skip


def earlier_edition(office: Configuration) -> EarlierEdition | None:
    """Return the edition that the present one replaces; None for a first one.

    Raises SourceError where its manifest is not there, or is not the one with the seal that the parameters name.
    """
    parameters = office.parameters
    if not parameters.editions:
        return None
    entry, number = parameters.editions[-1], parameters.edition - 1
    path = office.project.editions(office.quarter) / f"{number}.json"
    name = shown(office.project.params(office.quarter))
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise SourceError(
            f"{shown(path)}: the manifest of edition {number} is not there or cannot be read, and {name} says that it "
            "was replaced. Restore it from git."
        ) from None
    if manifest.get("seal") != entry.replaces:
        raise SourceError(
            f"{shown(path)}: its seal is {str(manifest.get('seal'))[:12]}, {name} says that edition {entry.edition} "
            f"replaces {entry.replaces[:12]}. Restore both from git."
        )
    return EarlierEdition(
        number, parameters.days[-2], entry.replaces, entry.commit, manifest["figures"], manifest["paragraphs"]
    )


def find_changes(
    earlier: EarlierEdition, results: Iterable[IndicatorResult], paragraphs: Sequence[tuple[str, str, Sequence[str]]]
) -> EditionChanges:
    """Compare the earlier edition with the present one. paragraphs: number, words and figures cited of each, in order.

    What a figure is called is no part of what it says, so an earlier one is called as it is now.
    """
    every = {result.indicator: result for result in results}
    recorded = {name: result_as_recorded(name, part, every.get(name)) for name, part in earlier.figures.items()}
    pairs = [Pair(recorded.get(name), every.get(name)) for name in {**every, **recorded}]
    differing, moved = _compared(earlier.paragraphs, paragraphs)
    return EditionChanges(
        earlier,
        headlines=(_headline(recorded.values()), _headline(every.values())),
        figures=tuple(pair for pair in pairs if pair.before != pair.now),
        paragraphs=tuple(differing),
        moved=moved,
    )


def _headline(results: Iterable[IndicatorResult]) -> str:
    return headline_sentence(count_verdicts(result for result in results if not result.measure))


def _compared(
    before: Mapping[str, Mapping[str, Any]], now: Sequence[tuple[str, str, Sequence[str]]]
) -> tuple[list[ParagraphChange], int]:
    """Return the paragraphs that differ, and how many of the others stand under another number.

    They are told apart by the hashes of their words, in their order: what is inserted changes no other paragraph.
    """
    old = [(number, str(part["sha256"])) for number, part in before.items()]
    new = [(number, sha256(words.encode())) for number, words, _ in now]
    cites = {number: tuple(figures) for number, _, figures in now}
    matcher = difflib.SequenceMatcher(None, [one[1] for one in old], [one[1] for one in new], autojunk=False)
    changes: list[ParagraphChange] = []
    moved = 0
    for tag, a, a_end, b, b_end in matcher.get_opcodes():
        if tag == "equal":
            moved += sum(old[a + place][0] != new[b + place][0] for place in range(a_end - a))
        else:
            changes += _of_block(old[a:a_end], new[b:b_end], cites)
    return changes, moved


def _of_block(
    old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]], cites: Mapping[str, tuple[str, ...]]
) -> Iterator[ParagraphChange]:
    """Yield what became of some paragraphs in a row: as many as there are on both sides were changed."""
    for (before, _), (now, _) in zip(old, new, strict=False):
        yield ParagraphChange("changed", before, now, cites[now])
    for before, _ in old[len(new) :]:
        yield ParagraphChange("gone", before, "", ())
    for now, _ in new[len(old) :]:
        yield ParagraphChange("new", "", now, cites[now])
