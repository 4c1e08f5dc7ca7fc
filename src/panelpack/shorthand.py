"""Shorthand: the signs that stand in a table in the place of a number, or behind one, and what each says.

They are those that the Government Analysis Function recommends to official statistics, so that a reader who knows one
table knows all. A cell that is empty means that nothing belongs there; a number that is not shown always has a sign.
"""

import re
from collections.abc import Iterable

CONFIDENTIAL, NOT_AVAILABLE, NOT_APPLICABLE, LOW, REVISED = "[c]", "[x]", "[z]", "[low]", "[r]"
NAMES = {CONFIDENTIAL: "confidential", NOT_AVAILABLE: "not available", NOT_APPLICABLE: "does not apply"}
SENTENCES = {
    CONFIDENTIAL: f"{NAMES[CONFIDENTIAL]}: withheld to protect people or because too few answered",
    NOT_AVAILABLE: NAMES[NOT_AVAILABLE],
    NOT_APPLICABLE: NAMES[NOT_APPLICABLE],
    LOW: "not zero, but rounds to it",
    REVISED: "revised since the report of the quarter before",
}
# What the supplier's mark in the place of a number means, or why the office removed it, as a sign. All else is [x].
SIGN_OF_GAP = {
    "confidential": CONFIDENTIAL,
    "suppressed": CONFIDENTIAL,
    "not_applicable": NOT_APPLICABLE,
}
STRONGEST = (CONFIDENTIAL, NOT_AVAILABLE, NOT_APPLICABLE)
# A word of its own: neither quoted, nor the beginning of a link.
_SIGN = re.compile(rf"(?<![^\s(*])(?:{'|'.join(map(re.escape, SENTENCES))})(?![^\s),;.*])")


def sign_of_gap(meaning: str) -> str:
    """Return the sign of a number that is not there, by what the gap means."""
    return SIGN_OF_GAP.get(meaning, NOT_AVAILABLE)


def strongest(signs: Iterable[str]) -> str:
    """Return the sign of what lacks several numbers: that it protects people comes first; '' for none."""
    there = set(signs)
    return next((sign for sign in STRONGEST if sign in there), "")


def explained(texts: Iterable[str], why: str = "") -> str:
    """Return the line that explains the signs of some cells, and no other; '' where they have none.

    why: where the table tells why a figure is not available, or the reason itself.
    """
    found = {sign for text in texts if "[" in text for sign in _SIGN.findall(text)}
    words = SENTENCES | ({NOT_AVAILABLE: f"{NAMES[NOT_AVAILABLE]}: {why}"} if why else {})
    line = "; ".join(f"{sign} {words[sign]}" for sign in words if sign in found)
    return f"{line}." if line else ""


def in_words(sign: str) -> str:
    """'[c] confidential', for a table that is read without its page; '' for no sign."""
    return f"{sign} {NAMES[sign]}" if sign else ""
