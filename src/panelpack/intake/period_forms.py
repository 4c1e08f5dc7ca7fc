"""How suppliers write months, quarters and days."""

import re
from typing import get_args

from panelpack.config.layout import DateForm, MonthForm, QuarterForm

MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
PATTERNS = {
    "2022-04": r"\d{4}-(?:0[1-9]|1[0-2])",
    "2022/04": r"\d{4}/(?:0[1-9]|1[0-2])",
    "202204": r"\d{4}(?:0[1-9]|1[0-2])",
    "04/2022": r"(?:0[1-9]|1[0-2])/\d{4}",
    "Apr-22": rf"{MONTH}-\d\d",
    "Apr 2022": rf"{MONTH} \d{{4}}",
    "April 2022": rf"(?!May ){MONTH}[a-z]+ \d{{4}}|May \d{{4}}",
    "2022Q1": r"\d{4}Q[1-4]",
    "2022/23 Q1": r"\d{4}/\d\d Q[1-4]",
    "2022/23 1": r"\d{4}/\d\d [1-4]",
    "Q1 2022/23": r"Q[1-4] \d{4}/\d\d",
    "Apr-Jun 2022": rf"{MONTH}-{MONTH} \d{{4}}",
    "calendar 2022 Q2": r"\d{4} Q[1-4]",
    "calendar Q2 2022": r"Q[1-4] \d{4}",
    "2022-04-01": r"\d{4}-\d\d-\d\d",
    "01/04/2022": r"\d\d/\d\d/\d{4}",
    "1 April 2022": r"\d{1,2} [A-Z][a-z]+ \d{4}",
}
KINDS = {"month": get_args(MonthForm), "quarter": get_args(QuarterForm), "date": get_args(DateForm)}


def likely_forms(text: str) -> list[str]:
    """Return the forms that a text may be written in."""
    return [form for form, pattern in PATTERNS.items() if re.fullmatch(pattern, text)]


def accepted_words(form: str, kind: str) -> str:
    """Return what is accepted in a column of this kind, in words: 'a month such as 2022-04'."""
    return f"a {kind} such as {form}"
