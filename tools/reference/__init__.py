"""The pages of the reference that are written from the code.

They are configuration, layouts, commentary, rules, kinds of measure, expectations, commands and tables.

What a key or a column means stands in docs/reference/meanings.yml; all else comes from the models, the registry of
rules, the parser, the Makefile and the office's own plan. A page says so where a project has no plan.
"""

from pathlib import Path

from panelpack.config.configuration import Configuration
from panelpack.errors import has_plan
from panelpack.periods import Quarter
from panelpack.project import Project
from tools.reference.commands import command_line_page, make_page
from tools.reference.commentary import periods_page, references_page
from tools.reference.configuration_files import SCHEMAS, schema_page
from tools.reference.expectations import expectations_page
from tools.reference.kinds_of_measure import kinds_page
from tools.reference.layouts_tried import layouts_tried_page
from tools.reference.meanings import Meanings
from tools.reference.rules import rules_page
from tools.reference.tables import supplied_tables_page, written_tables_page


def pages(root: Path) -> tuple[dict[str, str], list[str]]:
    """Return the Markdown of each generated page by its name, and a sentence for each mistake of meanings.yml."""
    meanings, office = Meanings.read(root), latest_office(root)
    written = {schema.page: schema_page(schema, meanings) for schema in SCHEMAS}
    written |= {
        "layouts-tried": layouts_tried_page(root),
        "references": references_page(office, meanings),
        "periods": periods_page(office, meanings),
        "rules": rules_page(root),
        "kinds-of-measure": kinds_page(root),
        "expectations": expectations_page(),
        "command-line": command_line_page(),
        "make": make_page(root),
        "supplied-tables": supplied_tables_page(office, meanings),
        "written-tables": written_tables_page(meanings),
    }
    return written, meanings.mistakes()


def latest_office(root: Path) -> Configuration | None:
    """Return the configuration of the latest quarter; None where the project has no plan or no quarter."""
    project = Project(root)
    if not has_plan(root) or not project.quarters():
        return None
    return Configuration.read(project, Quarter.parse(project.quarters()[-1]))
