"""The headline: how many scored indicators improved, did not change, deteriorated or were not assessed."""

from collections import Counter
from collections.abc import Iterable

from panelpack.figures import Figure
from panelpack.formats import percent
from panelpack.verdicts import DETERIORATED, IMPROVED, NO_CHANGE, NOT_ASSESSED, REASONS, VERDICTS

WORDS = {IMPROVED: "Improved", NO_CHANGE: "No change", DETERIORATED: "Deteriorated", NOT_ASSESSED: "Not assessed"}
# A shape for each verdict, so that it never depends on colour alone.
MARKS = {IMPROVED: "▲", NO_CHANGE: "●", DETERIORATED: "▼", NOT_ASSESSED: "–"}
REASON_WORDS = {
    "no_metric": "no metric",
    "no_comparator": "no comparator",
    "not_comparable": "not comparable",
    "small_sample": "small sample",
    "embargoed": "embargoed",
    "suppressed": "suppressed",
}


def verdict_words(figure: Figure) -> str:
    """'▲ Improved', '– Not assessed (embargoed)', or '' for a figure that is not scored."""
    if not figure.verdict:
        return ""
    reason = f" ({REASON_WORDS[figure.reason]})" if figure.reason else ""
    return f"{MARKS[figure.verdict]} {WORDS[figure.verdict]}{reason}"


def headline(figures: Iterable[Figure]) -> dict[str, float]:
    """Return the counts of scored indicators by verdict and by reason, and their shares in percent.

    `no_change_or_not_assessed` adds the two that printed papers have counted together as no change.
    """
    scored = [figure for figure in figures if figure.scored]
    verdicts, reasons = Counter(f.verdict for f in scored), Counter(f.reason for f in scored)
    counts = {"scored": len(scored)}
    counts |= {verdict: verdicts[verdict] for verdict in VERDICTS}
    counts |= {reason: reasons[reason] for reason in REASONS}
    counts["no_change_or_not_assessed"] = verdicts[NO_CHANGE] + verdicts[NOT_ASSESSED]
    shares = {f"{name}_share": 100 * n / len(scored) for name, n in counts.items()} if scored else {}
    return counts | shares


def share_words(share: float) -> str:
    """'22.5%', and '15%' rather than '15.0%'."""
    return percent(share).replace(".0%", "%")


def sentence(counts: dict[str, float]) -> str:
    """'40 indicators: 9 improved (22.5%), ...' for the terminal and the review page."""
    parts = [
        f"{counts[v]} {WORDS[v].lower()} ({share_words(counts[v + '_share'])})" for v in VERDICTS if counts["scored"]
    ]
    return ": ".join(filter(None, (f"{counts['scored']} indicators", ", ".join(parts))))
