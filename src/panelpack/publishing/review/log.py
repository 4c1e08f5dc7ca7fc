"""The verification log and the sign-off of a pack, as params/reviews.yml has them: of this pack, or of another state.

Checks and signatures name the seal of the pack that they are of. One of another seal stands in the log, and counts for
nothing: what was signed is no longer what lies here.
"""

from collections.abc import Iterator, Sequence

from panelpack.config.reviews import PARTS
from panelpack.open_points.kinds import CheckDone, Signed
from panelpack.periods import date_words
from panelpack.rendering.prose import Block, Heading, Text
from panelpack.rendering.table import Table

SHOWN = 12  # signs of a seal that a person copies
OUTCOMES = {
    "agreed": "Agreed",
    "corrected": "Corrected since",
    "commented": "Made a comment",
    "signed": "Signed",
    "signed with reservations": "Signed with reservations",
    "refused": "Refused",
}
# What each part of the assurance answers for.
ASKED = {
    "analyst": "Made it as described, and checked it",
    "reviewer": "Checked it without having made it; it is fit for its purpose",
    "commissioner": "Asked for it, knows its limits, and will use it",
}
THIS = "this pack"
EXAMPLE = """\
```yaml
reviews:
  {quarter}:
    checks:
      - what: A change worked out by hand from indicators.csv
        role: Analytical assurer        # a role, never a name
        date: YYYY-MM-DD
        outcome: agreed                 # or corrected, commented
        seal: "{seal}"
    sign_offs:
      - part: reviewer                  # or analyst, commissioner
        role: Analytical assurer
        date: YYYY-MM-DD
        outcome: signed                 # or signed with reservations, refused: then with a note
        seal: "{seal}"
```"""


def seal_words(seal: str) -> str:
    """Return as much of a seal as an entry needs."""
    return seal[:SHOWN]


def is_of(entry: CheckDone | Signed, seal: str) -> bool:
    """Whether a check or a signature is of the pack with a seal."""
    return seal.startswith(entry.seal)


def _of_which(entry: CheckDone | Signed, seal: str) -> str:
    return THIS if is_of(entry, seal) else f"another state (`{seal_words(entry.seal)}`)"


def log_blocks(checks: Sequence[CheckDone], seal: str, quarter: str) -> Iterator[Block]:
    """Yield what was checked, by whom and when, and what came of it; last how an entry is made."""
    yield Heading(2, "Verification log", "log")
    rows = [
        {
            "What was checked": check.what,
            "By": f"{check.role}, {date_words(check.day)}",
            "Outcome": ". ".join(filter(None, [OUTCOMES[check.outcome], check.note])),
            "Of": _of_which(check, seal),
        }
        for check in sorted(checks, key=lambda check: (not is_of(check, seal), check.day))
    ]
    yield (
        Table(rows, "Checks, those of this pack first", widths=[5, 3, 4, 2])
        if rows
        else Text("No check has been logged.")
    )
    yield Text(
        f"Write what you checked, and your signature, into `params/reviews.yml`; `make quarter Q={quarter}` then shows "
        "it here. It changes nothing else: not the pack, not its seal, not its approval. What you find wrong is a "
        "comment in the same file, and keeps the pack a draft until it is answered."
    )
    yield Text(EXAMPLE.format(quarter=quarter, seal=seal_words(seal)))


def latest_by_part(signed: Sequence[Signed], seal: str) -> dict[str, Signed]:
    """Return the latest word on this pack of each part of the assurance; of one day the one that stands last."""
    of_pack = [one for one in signed if is_of(one, seal)]
    return {one.part: one for one in sorted(of_pack, key=lambda one: one.day)}


def signed_words(signed: Sequence[Signed], seal: str) -> str:
    """Return in a sentence which parts have signed this pack, and which have not."""
    latest = latest_by_part(signed, seal)
    said = [f"{PARTS[part]}: {OUTCOMES[one.outcome].lower()}" for part, one in latest.items()]
    missing = [words[:1].lower() + words[1:] for part, words in PARTS.items() if part not in latest]
    return f"{'; '.join([*said, *(['missing: ' + ', '.join(missing)] if missing else [])]).capitalize()}."


def sign_off_blocks(signed: Sequence[Signed], seal: str) -> Iterator[Block]:
    """Yield who signed this pack in which part, and what is missing; then what was signed of other states of it."""
    latest = latest_by_part(signed, seal)
    rows = [
        {
            "Part": words,
            "What it answers for": ASKED[part],
            "Signed": _signature(latest.get(part)),
        }
        for part, words in PARTS.items()
    ]
    earlier = [
        f"- {PARTS[one.part]}: {OUTCOMES[one.outcome].lower()} by the {one.role} on {date_words(one.day)}, "
        f"of {_of_which(one, seal)}."
        for one in signed
        if not is_of(one, seal)
    ]
    yield Heading(2, "Sign-off", "sign-off")
    yield Table(rows, "Parts after the AQuA Book", widths=[2.5, 4, 5], align={"Signed": "left"})
    if earlier:
        yield Text("\n".join(["Signed before, of what is no longer this pack:", "", *earlier]))


def _signature(signed: Signed | None) -> str:
    if signed is None:
        return "Missing"
    note = f" {signed.note}" if signed.note else ""
    return f"{OUTCOMES[signed.outcome]} by the {signed.role} on {date_words(signed.day)}.{note}"
