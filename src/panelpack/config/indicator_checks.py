"""What a plan may not ask of an indicator: a rule that does not fit it, a target or bands that say nothing."""

from collections.abc import Iterable, Iterator

from panelpack.config.plan import Bands as DeclaredBands
from panelpack.config.plan import Indicator, Plan
from panelpack.config.strict_yaml import Location, Mistake
from panelpack.formats import listed
from panelpack.kinds import KINDS
from panelpack.named_periods import is_fixed
from panelpack.periods import parse_year
from panelpack.rules.rule import RULES
from panelpack.rules.steps import Bands, Step
from panelpack.rules.verdict import VERDICT_WORDS, VERDICTS

NO_RULE = "none"
# The keys of an indicator that its rule reads, each with what a rule says of it.
OWN_OF_RULES = {"projection_year": "needs_projection_year", "target": "needs_target", "bands": "needs_bands"}


def find_indicator_mistakes(plan: Plan, at: Location, figure: Indicator) -> Iterator[Mistake]:
    """Yield where an indicator's rule does not fit, and names in it that lead nowhere; its series exist."""
    yield from _rule_mistakes(plan, at, figure)
    yield from _indicator_mistakes(plan, at, figure)


def _rule_mistakes(plan: Plan, at: Location, figure: Indicator) -> Iterator[Mistake]:
    """Yield where an indicator's rule does not fit its kind, or lacks what it needs to judge."""
    rule = RULES[figure.rule]
    if figure.status is not None and (figure.series or figure.rule != NO_RULE):
        yield (*at, "status"), "a `status` stands in the place of a figure. Remove it, or the series and the rule."
        return
    if rule.needs_series and not figure.series:
        yield (*at, "rule"), f"the rule {rule.name!r} needs a series."
    for key, need in OWN_OF_RULES.items():
        has, is_needed = getattr(figure, key) is not None, getattr(rule, need)
        if is_needed and not has:
            yield at, f"the rule {rule.name!r} needs `{key}`. Add it."
        if has and not is_needed:
            takers = ", ".join(repr(name) for name, other in RULES.items() if getattr(other, need))
            yield at, f"`{key}` is for the rule {takers}, found {rule.name!r}. Remove it, or change the rule."
    if not rule.kinds:
        if figure.series and figure.scored:
            yield (*at, "rule"), "a scored indicator with a series needs a rule. Give one, or set `scored: false`."
        return
    kind = plan.kind(figure)
    if figure.series and kind not in rule.kinds:
        fits = ", ".join(sorted(rule.kinds))
        yield (*at, "rule"), f"the rule {rule.name!r} does not fit the kind {kind!r}; it fits {fits}."
    elif figure.series and rule.needs_counts and plan.is_worked_out(plan.series[figure.series]):
        yield (
            (*at, "rule"),
            f"the rule {rule.name!r} tests counts, and {figure.series!r} is a {kind} that its supplier worked out. Say "
            "what its counts are `per`, or take another rule.",
        )
    if figure.series and needs_baseline(figure) and not (figure.compare and figure.compare.baseline):
        yield at, f"the rule {rule.name!r} needs a baseline period under `compare`."
    if figure.scored and figure.polarity == "neither" and not rule.takes_neither and _asks_direction(figure):
        yield (*at, "polarity"), f"the rule {rule.name!r} needs the polarity lower or higher."
    if kind == "grade" and figure.polarity == "lower":
        yield (*at, "polarity"), "the order of `grades`, the worst first, says which is better. Write higher."
    yield from _target_mistakes(plan, at, figure)
    yield from _band_mistakes(plan, at, figure)


def needs_baseline(figure: Indicator) -> bool:
    """Whether an indicator is judged by what it was before."""
    if figure.target is not None:
        return figure.target.direction is not None or figure.target.by is not None
    return figure.bands is None or figure.bands.of != "latest"


def _asks_direction(figure: Indicator) -> bool:
    """Whether its rule must know which way is better."""
    return figure.target is None or figure.target.direction is None


def _target_mistakes(plan: Plan, at: Location, figure: Indicator) -> Iterator[Mistake]:
    target = figure.target
    if target is None:
        return
    place = (*at, "target")
    given = [key for key in ("value", "path", "direction") if getattr(target, key) not in (None, {})]
    if len(given) != 1:
        yield place, f"found {listed(given) or 'nothing'}, expected one of value, path and direction. Give one."
    if target.by is not None and target.value is None:
        yield (*place, "by"), "`by` says when a `value` is to be reached. Give the value, or remove `by`."
    numbers = [*([] if target.value is None else [target.value]), *target.path.values()]
    yield from _percentage_mistakes(plan, place, figure, numbers)
    if target.direction is not None and figure.polarity not in ("neither", target.direction):
        yield (
            (*place, "direction"),
            f"the target asks for a {target.direction} figure, and `polarity` calls {figure.polarity} better. Correct "
            "one of them.",
        )
    baseline = figure.compare.baseline if figure.compare else None
    if target.by is not None and baseline is not None and not is_fixed(baseline):
        yield (
            (*place, "by"),
            f"the way to it is a line from the baseline, and {baseline} is another one in each report. Compare with a "
            "period that stays, such as baseline_year.",
        )
    if list(target.path) != sorted(target.path, key=parse_year):
        yield (*place, "path"), "the years are not in the order of time. Put them in order."


def _percentage_mistakes(plan: Plan, at: Location, figure: Indicator, values: Iterable[float]) -> Iterator[Mistake]:
    """Yield what is asked of a percentage that no percentage is, or that was written as a proportion."""
    if figure.series and plan.series[figure.series].form.unit == "percent":
        for value in values:
            if not 0 <= value <= 100 or 0 < value < 1:
                yield at, f"found {value:g}, expected a percentage from 1 to 100. Write 90 for 90%."


def bands_of(declared: DeclaredBands) -> Bands:
    """Return the bands of a plan as the rules know them."""
    steps = (Step(step.word, step.counts_as, step.at_least, step.at_most, step.mark or "") for step in declared.steps)
    return Bands(declared.of, tuple(steps))


def _band_mistakes(plan: Plan, at: Location, figure: Indicator) -> Iterator[Mistake]:
    if figure.bands is None:
        return
    place, steps = (*at, "bands", "steps"), figure.bands.steps
    words = [step.word for step in steps]
    if len({word.casefold() for word in words}) < len(words):
        yield place, f"a word stands twice: {', '.join(words)}. Give each step its own."
    marks = [step.mark for step in steps if step.mark]
    if len(set(marks)) < len(marks):
        yield place, f"a mark stands twice: {' '.join(marks)}. Give each step its own shape."
    for i, step in enumerate(steps):
        if step.at_least is not None and step.at_most is not None and step.at_least > step.at_most:
            yield (*place, i), f"{step.word!r}: nothing is at least {step.at_least:g} and at most {step.at_most:g}."
    if figure.bands.of == "latest":
        ends = (end for step in steps for end in (step.at_least, step.at_most) if end is not None)
        yield from _percentage_mistakes(plan, place, figure, ends)
    kind = plan.kind(figure)
    if figure.bands.of == "pct_change" and kind and not KINDS[kind].has_percent_change:
        yield (
            (*at, "bands", "of"),
            f"a change in percent says nothing of {KINDS[kind].noun}. Write change, which is in its unit, or latest.",
        )
    for i, step in enumerate(steps):
        for verdict in VERDICTS:
            word = plan.word(verdict) or VERDICT_WORDS[verdict]
            if verdict != step.counts_as and step.word.casefold() == word.casefold():
                yield (*place, i, "word"), f"{step.word!r} is what {verdict} is called. Give the step another word."
    bands = bands_of(figure.bands)
    if uncovered := bands.uncovered():
        yield place, f"a figure {uncovered} has no word. Give the last step no threshold, so that it takes the rest."
    for word in bands.unreachable():
        yield place, f"no figure is {word!r}: the steps before it take all. Put the steps in order."


def _indicator_mistakes(plan: Plan, at: Location, figure: Indicator) -> Iterator[Mistake]:
    if figure.series and figure.unit is not None:
        yield (*at, "unit"), f"its series says the kind and unit: {plan.form(figure).unit or 'none'}. Remove it here."
    for name in figure.footnotes:
        if name not in plan.footnotes:
            yield (*at, "footnotes"), f"there is no footnote {name!r}. Add it under `footnotes`."
    status = figure.status
    if status is not None and status.reason == "redacted" and not (status.by and status.until):
        yield (*at, "status"), "a redaction needs `by` (the role that decided) and `until`. Add them."
    if status is not None and status.reason == "replaced" and status.replaced_by not in plan.figures:
        yield (*at, "status", "replaced_by"), f"there is no indicator {status.replaced_by!r}. Name the one that came."
    if status is not None and status.replaced_by is not None:
        if status.reason != "replaced":
            yield (*at, "status", "replaced_by"), f"found {status.reason!r}, expected replaced. Correct the reason."
        elif status.replaced_by == figure.id:
            yield (*at, "status", "replaced_by"), f"{figure.id} is no replacement of itself. Name the one that came."
    if figure.part_of is not None:
        yield from _part_mistakes(plan, (*at, "part_of"), figure)


def _part_mistakes(plan: Plan, at: Location, figure: Indicator) -> Iterator[Mistake]:
    whole = plan.figures.get(figure.part_of or "")
    if not isinstance(whole, Indicator):
        yield at, f"there is no indicator {figure.part_of!r}. Name the one that it is counted in."
    elif not whole.scored:
        yield at, f"{figure.part_of} is not scored, so nothing is counted twice. Remove `part_of`, or score the whole."
    elif whole.status is not None:
        yield at, f"{figure.part_of} has no figure, so that a headline would count neither. Remove `part_of`."
    way: list[str] = []
    while isinstance(whole, Indicator) and whole.id not in (figure.id, *way):
        way.append(whole.id)
        whole = plan.figures.get(whole.part_of or "")
    if whole is figure:  # another circle is told where it is
        by_way = f", by way of {listed(way)}" if way else ""
        yield at, f"{figure.id} is part of itself{by_way}. Name a whole that is no part of it."
