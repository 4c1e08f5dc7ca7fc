"""What a verdict is: the words for it, why there is none, and the totals that one is given on."""

from dataclasses import dataclass

IMPROVED, NO_CHANGE, DETERIORATED, NOT_ASSESSED = "improved", "no_change", "deteriorated", "not_assessed"
CHANGED, MET, ON_COURSE, MISSED = "changed", "met", "on_course", "missed"
VERDICTS = (IMPROVED, NO_CHANGE, DETERIORATED, CHANGED, MET, ON_COURSE, MISSED, NOT_ASSESSED)
VERDICT_WORDS = {
    IMPROVED: "Better",
    NO_CHANGE: "No clear change",
    DETERIORATED: "Worse",
    CHANGED: "Changed",
    MET: "Met",
    ON_COURSE: "On course",
    MISSED: "Missed",
    NOT_ASSESSED: "Not assessed",
}
REASON_WORDS = {
    "no_metric": "no measure yet",
    "no_comparator": "nothing earlier to compare with",
    "not_comparable": "measured differently before",
    "small_sample": "too few answers to publish",
    "embargoed": "not yet released",
    "suppressed": "too few cases to publish",
    "awaited": "figures awaited",
    "replaced": "replaced by another measure",
    "discontinued": "no longer measured",
    "redacted": "withheld by decision",
}
# How sure a verdict is: the first thing that speaks against it, or that nothing does.
NOT_LIKE_WITH_LIKE, PROVISIONAL, INSIDE_FORECAST = "not_like_with_like", "provisional", "inside_forecast"
BY_CHANCE, ORDINARY_MOVEMENT, CLEAR = "chance", "ordinary_movement", "clear"
STEADY, CANNOT_TELL, NOT_TESTED = "steady", "cannot_tell", "not_tested"
HOW_SURE_WORDS = {
    CLEAR: "Clear",
    ORDINARY_MOVEMENT: "Moves as much anyway",
    BY_CHANCE: "Could be chance",
    INSIDE_FORECAST: "Could end at the baseline",
    PROVISIONAL: "Provisional",
    NOT_LIKE_WITH_LIKE: "Not like with like",
    STEADY: "Steady",
    CANNOT_TELL: "Cannot tell",
    NOT_TESTED: "Not tested",
}
INTERVAL_DECIDES = (CLEAR, ORDINARY_MOVEMENT, BY_CHANCE, INSIDE_FORECAST, STEADY, CANNOT_TELL)
COUNTED, ASSUMED = "counted", "assumed"  # the footing of an interval
CHANCE = "taken by itself, a change this size would be expected by chance"
BEYOND_CHANCE = "taken by itself, a change this size would not be expected by chance"


@dataclass(frozen=True)
class PeriodTotal:
    """A series over a period: its value in the series' unit, and what its margin can be worked out from.

    words: the period as a reader calls it. successes, base: of a share, the counts it is made of; a share that was
    supplied as such has at most a base. points: the counts of its months or quarters, of all its years where it is a
    mean of several. exposure: how many periods of the latest's length those points stand for (3 for a mean of three
    years, of which `value` is then the mean). per: of a rate, the residents divided by 1,000 or whatever it is per.
    count: of a rate, the cases behind it over all of the exposure, so that value = count / exposure / per. lower,
    upper: the 95% interval that came with the figure. kind: of panelpack.kinds. statistic: of a duration.
    """

    value: float
    words: str
    successes: float | None = None
    base: float | None = None
    points: tuple[float, ...] = ()
    exposure: float = 1
    per: float | None = None
    count: float | None = None
    lower: float | None = None
    upper: float | None = None
    kind: str = ""
    statistic: str = ""

    @property
    def counted(self) -> float:
        """The cases behind a count or a rate, over all of its exposure: a whole number."""
        if self.count is not None:
            return self.count
        return self.value if self.exposure == 1 else float(round(self.value * self.exposure))

    @property
    def exposed(self) -> float:
        """What `counted` is divided by to give `value`."""
        return self.exposure * (self.per or 1)


@dataclass(frozen=True)
class Verdict:
    """A verdict, why there is none, the evidence in words, and the 95% interval that stands behind it.

    interval_of: what the interval is of: latest, change, pct_change or projected. An indicator that is not scored has
    ''. p_value: how often chance alone would give such a figure; None where nothing was tested. word, mark: an
    office's own, of one of its bands; '' where those of the verdict stand.
    """

    verdict: str
    reason: str = ""
    evidence: str = ""
    lower_95: float | None = None
    upper_95: float | None = None
    interval_of: str = ""
    projected: float | None = None
    p_value: float | None = None
    word: str = ""
    mark: str = ""


def not_assessed(reason: str, evidence: str) -> Verdict:
    """Return the verdict of an indicator that may not or cannot be judged. reason: one of REASON_WORDS."""
    return Verdict(NOT_ASSESSED, reason, evidence)


def by_direction(direction: float, polarity: str) -> str:
    """Return the verdict of a change that counts: up or down, against which way is better, if either is."""
    if direction == 0:
        return NO_CHANGE
    if polarity == "neither":
        return CHANGED
    return IMPROVED if (direction > 0) == (polarity == "higher") else DETERIORATED
