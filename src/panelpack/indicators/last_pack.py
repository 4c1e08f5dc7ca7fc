"""What became of each indicator since the pack of the quarter before: what its manifest says of the verdicts then.

Only how each figure was judged is used of that manifest, and only that is an input of this pack. It is the pack for
publication, also where this one is the edition for those who may see embargoed figures.
"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from panelpack.config.commentary import PART_USED, READ_IN_PARTS
from panelpack.config.configuration import Configuration
from panelpack.config.plan_checks import load_plan
from panelpack.errors import PanelPackError
from panelpack.indicators.results import IndicatorResult, result_as_recorded
from panelpack.pack_files import LAST_PACK, last_judged, last_manifest
from panelpack.periods import Quarter
from panelpack.rules.rule import RULES
from panelpack.rules.verdict import NOT_ASSESSED

KINDS = ("changed", "newly_assessed", "no_longer_assessed", "new", "gone")


@dataclass(frozen=True)
class Since:
    """What became of an indicator since the last pack: one of KINDS, and its result then and now.

    before is None for one that is new, now for one that is gone.
    """

    kind: str
    before: IndicatorResult | None
    now: IndicatorResult | None

    @property
    def any(self) -> IndicatorResult:
        """The result now, else then."""
        result = self.now or self.before
        assert result is not None  # nothing is neither
        return result


@dataclass(frozen=True)
class LastPack:
    """The pack of the quarter before: its quarter, and how it judged each indicator, by id; measures left out."""

    quarter: Quarter
    judged: Mapping[str, IndicatorResult]

    def before(self, result: IndicatorResult) -> IndicatorResult | None:
        """Return the result of the same indicator in that pack; None where it had none."""
        return self.judged.get(result.indicator)

    def since(self, results: Iterable[IndicatorResult]) -> list[Since]:
        """Return the indicators of which the verdict differs, in the order of KINDS; in each as the plan has them."""
        now = {result.indicator: result for result in results if result.scored}
        then = {name: result for name, result in self.judged.items() if result.scored}
        every = [_since(then.get(name), now.get(name)) for name in {**now, **then}]
        return sorted(filter(None, every), key=lambda one: KINDS.index(one.kind))


def _since(before: IndicatorResult | None, now: IndicatorResult | None) -> Since | None:
    if before is None or now is None:
        return Since("gone" if now is None else "new", before, now)
    if before.verdict == now.verdict and (before.word == now.word or not RULES[now.rule].needs_bands):
        return None  # an office that words a verdict anew has not judged anew, but for a step of its own bands
    if before.verdict == NOT_ASSESSED:
        return Since("newly_assessed", before, now)
    return Since("no_longer_assessed" if now.verdict == NOT_ASSESSED else "changed", before, now)


def read_last_pack(office: Configuration) -> LastPack | None:
    """Return the pack of the quarter before; None where there is none. Raises SourceError for one that cannot be read.

    An indicator that there is no more has the title of the plan that counted then, else its id.
    """
    path = last_manifest(office.project, office.quarter)
    sys.audit(READ_IN_PARTS, str(path))
    judged = last_judged(office.project, office.quarter)
    sys.audit(PART_USED, office.project.name(path), LAST_PACK, judged)
    if judged is None:
        return None
    titles = {name: figure.title for name, figure in office.plan.figures.items()}
    if set(judged) - set(titles):
        titles = _titles_before(office) | titles
    results = {
        name: replace(result_as_recorded(name, said), title=titles.get(name, name)) for name, said in judged.items()
    }
    return LastPack(office.quarter.shift(-1), {name: one for name, one in results.items() if not one.measure})


def _titles_before(office: Configuration) -> dict[str, str]:
    try:
        plan = load_plan(office.project.plan(office.quarter.shift(-1)), *office.project.layouts)
    except PanelPackError:  # no plan counted then, or it was of another version: it only lends titles
        return {}
    return {name: figure.title for name, figure in plan.figures.items()}
