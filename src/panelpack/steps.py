"""The notebooks of a quarter in the order of the data's way, and what they say of the paper."""

from panelpack import evidence
from panelpack.paper import Paper
from panelpack.params import date_words
from panelpack.plan import Plan
from panelpack.project import Project
from panelpack.quarters import Quarter
from panelpack.runner import Step

VALIDATE, PREPARE, PRIORITY = "1_validate", "2_prepare", "3_priority"
DASHBOARD, REPORT, METHODS = "4_dashboard", "5_report", "6_methods"
RECONSTRUCTED = "Monthly and quarterly detail is reconstructed to the published totals."
RECONSTRUCTED_WITHOUT_PRINT = "The data of this quarter are reconstructed; no printed paper holds their totals."


def steps(project: Project, quarter: Quarter, plan: Plan) -> list[Step]:
    """Return the notebooks of a quarter in the order of the data's way."""
    at, given = project.notebooks, {"quarter": str(quarter)}
    priorities = [
        Step(f"{PRIORITY}-{box.id}", at / f"{PRIORITY}.ipynb", {**given, "priority": box.id}, (PREPARE,))
        for box in plan.priorities
    ]
    names = tuple(step.name for step in priorities)
    return [
        # Validation reads only raw data, so the others need not wait for it; nothing is published unless it passes.
        Step(VALIDATE, at / f"{VALIDATE}.ipynb", given),
        Step(PREPARE, at / f"{PREPARE}.ipynb", given),
        *priorities,
        Step(DASHBOARD, at / f"{DASHBOARD}.ipynb", given, names),
        Step(REPORT, at / f"{REPORT}.ipynb", given, names),
        Step(METHODS, at / f"{METHODS}.ipynb", given, names),
    ]


def paper(project: Project, quarter: Quarter) -> Paper:
    """Return what every page says about itself. Raises ConfigurationError."""
    plan, params, sources = evidence.configuration(project, quarter)
    printed = project.published(quarter).exists()
    made_up = any(source.reconstructed for source in sources.files.values())
    return Paper(
        title=params.title,
        office=plan.office.commissioner,
        panel=plan.office.panel,
        marking=params.marking,
        date_text=date_words(params.meeting_date, weekday=True),
        notice=(RECONSTRUCTED if printed else RECONSTRUCTED_WITHOUT_PRINT) if made_up else "",
        document_date=params.meeting_date,
    )
