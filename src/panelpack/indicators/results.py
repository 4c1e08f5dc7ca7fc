"""Results: all that is known of an indicator or measure, the table of them on disk, and the headline."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from panelpack.formats import Form, number, percent, settled
from panelpack.intake.files import read_table
from panelpack.rules.verdict import (
    ASSUMED,
    CLEAR,
    DETERIORATED,
    HOW_SURE_WORDS,
    IMPROVED,
    INTERVAL_DECIDES,
    NO_CHANGE,
    NOT_ASSESSED,
    REASON_WORDS,
    VERDICT_WORDS,
    VERDICTS,
)
from panelpack.shorthand import in_words


class Note(NamedTuple):
    """What a reader must know of a figure.

    kind: "footnote" (the plan's, in its own words), "populations" (the two periods are of different ones),
    "provisional" (the source is), "dated" (the position is older than the quarter), "lag" (the latest period ends
    before the quarter does), "residents" (whom a rate is per), "redefined" (something else is counted than before),
    "year_before" (the same quarter a year before tells something else than the verdict), or "gap" (a number that a
    total needs is not there).
    """

    kind: str
    text: str


@dataclass(frozen=True)
class IndicatorResult:
    """One indicator or measure, computed. Numbers are unrounded; None where there is none.

    `change` is in the unit (percentage points for percent), `pct_change` in percent of the baseline, the interval in
    the unit of what `interval_of` names: change, pct_change or projected. `low` and `high` are those of the latest 12
    months; how_sure, how_sure_reason and how_sure_basis are those of certainty.Certainty; `mean`, `level`, `signal`,
    `variation` and `assurance` describe the control chart, `adjusted` says whether its season was taken out. A measure
    has no verdict, and one that is not scored has ''. `baseline_shorthand` and `latest_shorthand` are the signs that
    stand in the place of a number that is not shown (panelpack.shorthand). A numerator is the count behind a percentage
    or a rate, a base what the percentage is out of. `target_value` is the number to be reached, where `target` names
    one.
    """

    indicator: str
    priority: str
    title: str
    unit: str | None
    polarity: str
    scored: bool
    baseline_period: str
    baseline: float | None
    latest_period: str
    latest: float | None
    change: float | None
    pct_change: float | None
    rule: str
    verdict: str
    reason: str
    evidence: str
    lower_95: float | None
    upper_95: float | None
    reconstructed: bool
    notes: tuple[Note, ...]
    interval_of: str = ""
    projection_year: str = ""
    projected: float | None = None
    p_value: float | None = None
    how_sure: str = ""
    how_sure_reason: str = ""
    how_sure_basis: str = ""
    baseline_base: float | None = None
    latest_base: float | None = None
    measure: bool = False
    mean: float | None = None
    level: str = ""
    signal: str = ""
    variation: str = ""
    assurance: str = ""
    adjusted: bool = False
    low: float | None = None
    low_period: str = ""
    high: float | None = None
    high_period: str = ""
    kind: str = ""
    decimals: int = 0
    labels: tuple[str, ...] = ()
    word: str = ""
    mark: str = ""
    part_of: str = ""
    target: str = ""
    year_period: str = ""
    year_latest: float | None = None
    year_before_period: str = ""
    year_before: float | None = None
    year_change: float | None = None
    year_pct_change: float | None = None
    baseline_shorthand: str = ""
    latest_shorthand: str = ""
    baseline_numerator: float | None = None
    latest_numerator: float | None = None
    year_numerator: float | None = None
    year_base: float | None = None
    year_before_numerator: float | None = None
    year_before_base: float | None = None
    target_value: float | None = None

    @property
    def form(self) -> Form:
        """How its values are printed."""
        return Form(self.unit, self.decimals, self.labels)

    @property
    def is_counted(self) -> bool:
        """Whether the headline counts it: a part is counted with its whole."""
        return self.scored and not self.part_of

    @property
    def note(self) -> str:
        """The notes in one text."""
        return " ".join(note.text for note in self.notes)

    def notes_of(self, kind: str) -> list[str]:
        """Return the texts of the notes of a kind."""
        return [note.text for note in self.notes if note.kind == kind]

    @property
    def printed_change(self) -> float | None:
        """The change that a reader can check: the difference of the two figures as they are printed."""
        return None if self.change is None else self._printed_difference(self.latest, self.baseline)

    @property
    def printed_year_change(self) -> float | None:
        """The change on the year before that a reader can check, as `printed_change` is one on the baseline."""
        return self._printed_difference(self.year_latest, self.year_before)

    def _printed_difference(self, latest: float | None, earlier: float | None) -> float | None:
        return None if latest is None or earlier is None else self.form.difference(latest, earlier)

    @property
    def verdict_words(self) -> str:
        """'Better', 'Not assessed (not yet released)', an office's own '★ Fast'; '' for one that is not scored."""
        if not self.verdict:
            return ""
        reason = f" ({REASON_WORDS[self.reason]})" if self.reason else ""
        return f"{self.mark} {self.word or VERDICT_WORDS[self.verdict]}{reason}".strip()

    @property
    def how_sure_words(self) -> str:
        """'Clear', 'Clear, on assumed numbers', or '' for one without a verdict."""
        if not self.how_sure:
            return ""
        on_assumed = self.how_sure_basis == ASSUMED and self.how_sure in INTERVAL_DECIDES
        return HOW_SURE_WORDS[self.how_sure] + (", on assumed numbers" if on_assumed else "")


USUAL = (IMPROVED, NO_CHANGE, DETERIORATED, NOT_ASSESSED)  # verdicts that a headline names though there be none
RESULT_COLUMNS = [field.name for field in fields(IndicatorResult)]
RESULT_NUMBERS = tuple(field.name for field in fields(IndicatorResult) if "float" in str(field.type))
SHORTHAND_COLUMNS = ("baseline_shorthand", "latest_shorthand")
LISTS = ("notes", "labels")  # stand in a table as JSON
FLAGS = ("scored", "reconstructed", "measure", "adjusted")


def settle(result: IndicatorResult) -> IndicatorResult:
    """Return a result with every number settled (formats.settled); one that is not finite becomes None."""
    numbers = {name: getattr(result, name) for name in RESULT_NUMBERS}
    known = {name: None if v is None or math.isnan(v) else settled(v) for name, v in numbers.items()}
    return replace(result, **known)  # type: ignore[arg-type]  # NUMBERS are the fields that are numbers


def dashboard_rows(results: Iterable[IndicatorResult]) -> pd.DataFrame:
    """Return results as the table that is published: a row each, the notes as one text in the column `note`.

    The shorthand of a number that is not shown stands with its words, as such a table is read without its page.
    """
    rows = [
        {**asdict(result), "notes": result.note, "labels": ", ".join(result.labels)}
        | {name: in_words(getattr(result, name)) for name in SHORTHAND_COLUMNS}
        for result in results
    ]
    return pd.DataFrame(rows, columns=RESULT_COLUMNS).drop(columns="measure").rename(columns={"notes": "note"})


def write_results(results: Iterable[IndicatorResult], path: Path) -> None:
    """Write results as csv for later notebooks; numbers keep every digit, notes are JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {**asdict(result)} | {name: json.dumps(getattr(result, name), ensure_ascii=False) for name in LISTS}
        for result in results
    ]
    pd.DataFrame(rows, columns=RESULT_COLUMNS).to_csv(path, index=False, lineterminator="\n")


def read_results(path: Path) -> list[IndicatorResult]:
    """Read what `write_results` wrote. Raises SourceError where the file is missing."""
    remedy = "Run the notebook that writes it first."
    frame = read_table(path, RESULT_COLUMNS, remedy, what="the results of a priority", text=True)
    return [_from_text({str(name): value for name, value in row.items()}) for row in frame.to_dict("records")]


def result_as_recorded(
    indicator: str, recorded: Mapping[str, str], now: IndicatorResult | None = None
) -> IndicatorResult:
    """Return a result as a manifest has it: a text a field, fields that say nothing left out, and no title.

    now: the same indicator's result of today, which lends it title and priority.
    """
    row = dict.fromkeys(RESULT_COLUMNS, "") | {"notes": "[]", "labels": "[]", "decimals": "0"}
    row |= {name: text for name, text in recorded.items() if name in row}
    lent = {"title": now.title, "priority": now.priority} if now else {"title": indicator}
    return _from_text(row | lent | {"indicator": indicator})


def _from_text(row: dict[str, str]) -> IndicatorResult:
    values: dict[str, object] = dict(row)
    values |= {name: float(row[name]) if row[name] else None for name in RESULT_NUMBERS}
    values |= {name: row[name] == "True" for name in FLAGS}
    values |= {"unit": row["unit"] or None, "notes": tuple(Note(*note) for note in json.loads(row["notes"]))}
    values |= {"labels": tuple(json.loads(row["labels"])), "decimals": int(row["decimals"])}
    return IndicatorResult(**values)  # type: ignore[arg-type]  # each field has the value of its own column


def count_verdicts(results: Iterable[IndicatorResult]) -> dict[str, float]:
    """Return the headline: the counts of scored indicators by verdict and by reason, and their shares in percent.

    An indicator that is a part of another is counted with it, and not once more.

    `no_change_or_not_assessed` adds the two that printed papers have counted together as no change. `improved_clear`
    and the like: how many of a verdict are so sure; those whose interval rests on something assumed are counted apart
    too, as `improved_clear_assumed`.
    """
    scored = [result for result in results if result.is_counted]
    verdicts, reasons = Counter(r.verdict for r in scored), Counter(r.reason for r in scored)
    counts: dict[str, float] = {"scored": len(scored)}
    counts |= {verdict: verdicts[verdict] for verdict in VERDICTS}
    counts |= {reason: reasons[reason] for reason in REASON_WORDS}
    counts["no_change_or_not_assessed"] = verdicts[NO_CHANGE] + verdicts[NOT_ASSESSED]
    shares = {f"{name}_share": 100 * n / len(scored) for name, n in counts.items()} if scored else {}
    sure = Counter((r.verdict, r.how_sure) for r in scored)
    on_assumed = Counter((r.verdict, r.how_sure) for r in scored if r.how_sure_basis == ASSUMED)
    for verdict in (verdict for verdict in VERDICTS if verdict != NOT_ASSESSED):
        for how_sure in HOW_SURE_WORDS:
            counts[f"{verdict}_{how_sure}"] = sure[verdict, how_sure]
            if how_sure in INTERVAL_DECIDES:
                counts[f"{verdict}_{how_sure}_{ASSUMED}"] = on_assumed[verdict, how_sure]
    return counts | shares


def share_words(share: float) -> str:
    """'22.5%', '15.0%': a share of the headline."""
    return percent(share)


def read_headline(path: Path) -> dict[str, float]:
    """Read the counts and shares that the dashboard notebook saved. Raises SourceError where it has not run."""
    frame = read_table(path, ["name", "value"], "Run the dashboard notebook.", what="the headline")
    return dict(zip(frame["name"], frame["value"], strict=True))


def headline_sentence(counts: dict[str, float]) -> str:
    """'40 indicators: 9 better (22.5%, 5 clear), ...' for the terminal and the review page."""
    scored = f"{number(counts['scored'])} indicator{'' if counts['scored'] == 1 else 's'}"
    if not counts["scored"]:
        return scored
    parts = (
        f"{number(counts[v])} {VERDICT_WORDS[v].lower()} ({_share_and_clear(counts, v)})"
        for v in VERDICTS
        if counts[v] or v in USUAL
    )
    return f"{scored}: {', '.join(parts)}"


def _share_and_clear(counts: dict[str, float], verdict: str) -> str:
    clear = "" if verdict in (NO_CHANGE, NOT_ASSESSED) else f", {number(counts[f'{verdict}_{CLEAR}'])} clear"
    return share_words(counts[f"{verdict}_share"]) + clear
