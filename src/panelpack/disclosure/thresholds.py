"""What is too few to be shown: answers behind a percentage or a mean, people behind a count. The plan says how many."""

import pandas as pd

from panelpack.config.plan import Plan
from panelpack.config.series import Series
from panelpack.periods import MONTHS_IN
from panelpack.rules.verdict import PeriodTotal


def is_of_people(spec: Series, plan: Plan) -> bool:
    """Whether a series counts people: because the plan says so, or because a row of its table is about one."""
    return spec.people or plan.tables[spec.table].is_about_persons


def is_of_answers(spec: Series) -> bool:
    """Whether a series has a number of answers behind each point: a percentage or a mean with its base."""
    return spec.base is not None and spec.kind in ("share", "duration")


def is_guarded(spec: Series, plan: Plan) -> bool:
    """Whether a number of a series may be too small to be shown."""
    return is_of_answers(spec) or is_of_people(spec, plan)


def is_survey(spec: Series) -> bool:
    """Whether a figure of a series needs the answers of one that is reported: its base is supplied as a number."""
    return isinstance(spec.base, str)


def fewest_answers(spec: Series, plan: Plan, grain: str) -> int:
    """Return how many answers a point of a grain needs; a survey's year is as good as its figure and needs as many."""
    is_year = is_survey(spec) and MONTHS_IN.get(grain) == MONTHS_IN["financial_year"]
    limits = plan.disclosure
    return max(limits.reported.fewest, limits.shown.fewest) if is_year else limits.shown.fewest


def too_small(points: pd.DataFrame, spec: Series, plan: Plan, grain: str = "") -> pd.Series:
    """Return which points give a number that would tell of a few: of too few answers, or of 1 to a few people.

    A point of nobody tells of nobody. points: with the columns `value` and `base` of a series. grain: what they cover.
    """
    limits, small = plan.disclosure, pd.Series(False, index=points.index)
    if is_of_answers(spec):
        small |= (points["base"] > 0) & (points["base"] < fewest_answers(spec, plan, grain))
    if is_of_people(spec, plan):
        small |= (points["value"] > 0) & (points["value"] < limits.people.fewest)
    return small


def can_be_shown(points: pd.DataFrame, spec: Series, plan: Plan, grain: str) -> pd.Series:
    """Return which points are large enough to be shown; a percentage of nobody is none."""
    enough = ~too_small(points, spec, plan, grain)
    return enough & (points["base"] != 0) if is_of_answers(spec) else enough


def total_is_small(total: PeriodTotal, spec: Series, plan: Plan) -> bool:
    """Whether a total over a period would tell of a few; as `too_small` of a point."""
    counted = total.successes if total.base is not None else total.counted
    if spec.kind == "stock":
        counted = total.value
    one = pd.DataFrame({"value": [counted], "base": [total.base]}, dtype=float)
    return bool(too_small(one, spec, plan).iloc[0])


def is_reported(total: PeriodTotal, spec: Series, plan: Plan) -> bool:
    """Whether a total may stand as a figure: of enough responses where it is of a survey, and not of a few people."""
    if is_survey(spec) and (total.base or 0) < plan.disclosure.reported.fewest:
        return False
    return not total_is_small(total, spec, plan)


def why_small(spec: Series, plan: Plan) -> str:
    """Say why a figure of a series that is not reported is none."""
    if is_survey(spec) or not is_of_people(spec, plan):
        return f"Fewer than {plan.disclosure.reported.fewest} responses: too few answers to publish."
    return f"Fewer than {plan.disclosure.people.fewest} people: so few are not shown, so that nobody is recognised."
