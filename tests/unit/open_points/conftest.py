"""A made-up quarter whose answers, dates and commentary a test may write, and queries that nobody had to look for."""

from dataclasses import dataclass

import pytest
import yaml

from panelpack.config.configuration import Configuration


@dataclass(frozen=True)
class Asked:
    """A query as `panelpack.plausibility` gives them out."""

    table: str
    name: str
    words: str = "robbery in May 2015 is 7, expected 40 to 90."


CRIME = Asked("recorded_crime", "recorded_crime 2015-05 outside_range robbery")
SURVEY = Asked("victim_survey", "victim_survey 2015-04 copied_period", "4 of 5 rows of April 2015 are those of March.")
EMBARGOED = Asked("drug_treatment", "drug_treatment 2015Q1 outside_range completions", "987 completions, expected 40.")
PERSONS = Asked("missing_people", "missing_people 2015Q1 rows", "P0017 stands in 300 rows.")
READ = {"reason": "A new team counts them.", "role": "Performance analyst", "date": "2015-08-20"}


@pytest.fixture
def quarter_of(project_copy, quarter):
    """Return a function that writes answers, dates and a commentary into the quarter, and reads it."""

    def write(answers=(), dates=None, commentary=None, before=None) -> Configuration:
        path = project_copy.params(quarter)
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        head, _ = path.read_text(encoding="utf-8").split("\ndates:\n")
        rest = {key: declared[key] for key in list(declared)[list(declared).index("dates") :] if key != "answers"}
        rest["dates"] = declared["dates"] | (dates or {})
        text = f"{head}\n{yaml.safe_dump(rest, sort_keys=False)}"
        text += "answers:\n" * bool(answers) + "".join(f"  - {entry(answer)}\n" for answer in answers)
        path.write_text(text, encoding="utf-8")
        for at, written in ((quarter, commentary), (quarter.shift(-1), before)):
            if written is not None:
                project_copy.commentary(at).write_text(written, encoding="utf-8")
        return Configuration.read(project_copy, quarter)

    return write


def entry(answer) -> str:
    """An answer on one line of YAML, so that its line is the place in the list."""
    fields = READ | answer
    return (
        "{"
        + ", ".join(f"{name}: {value!r}" if name != "date" else f"date: {value}" for name, value in fields.items())
        + "}"
    )


@pytest.fixture(scope="session")
def asked():
    """Queries by what they are: of an open table, an internal one, an embargoed one, one about persons."""
    return {"crime": CRIME, "survey": SURVEY, "embargoed": EMBARGOED, "persons": PERSONS}
