"""Named layouts of public files, and the facts that belong to each source: params/layouts/<name>.yml."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from panelpack.config.layout import Layout
from panelpack.config.plan import Plan, Version
from panelpack.config.strict_yaml import Strict, load
from panelpack.config.supplied_table import CellKind, SupplierFile
from panelpack.pack_files import layout_files


class Preset(Strict):
    """A public file: what it is, how it is laid out, and what must be said where its figures are used."""

    version: Version
    title: str
    publisher: str
    licence: str
    acknowledgement: str = Field(min_length=1, description="what the licence asks to be said in a publication")
    notes: list[str] = Field(default=[], description="what a reader must know of the source")
    columns: dict[str, CellKind]
    key: list[str]
    optional: list[str] = []
    layout: Layout = Layout()
    revised_in_releases: bool = Field(
        default=False,
        description="whether its publisher revises earlier figures with each release, so that sources.yml names it",
    )
    same_rows_all_year: bool = Field(
        default=False,
        description="whether it has the same rows in every quarter of a financial year, counts of 0 too",
    )


def load_presets(*folders: Path, of: Plan | None = None) -> dict[str, Preset]:
    """Return every preset of folders by name, or those that a plan names; of one name, that of the first folder.

    Raises ConfigurationError by file and line.
    """
    named = {table.preset for table in of.tables.values()} if of else None
    return {path.stem: load(path, Preset) for path in layout_files(folders) if named is None or path.stem in named}


def with_presets(plan: Plan, presets: Mapping[str, Preset]) -> Plan:
    """Return the plan with the columns, key and layout of each table that names a preset and states none itself."""
    tables = {name: _filled(table, presets.get(table.preset or "")) for name, table in plan.tables.items()}
    return plan.model_copy(update={"tables": tables})


def _filled(table: SupplierFile, preset: Preset | None) -> SupplierFile:
    if preset is None:
        return table
    stated = {name: getattr(table.layout, name) for name in table.layout.model_fields_set}
    return table.model_copy(
        update={
            "columns": table.columns or preset.columns,
            "key": table.key or preset.key,
            "optional": table.optional or preset.optional,
            "layout": preset.layout.model_copy(update=stated),
        }
    )
