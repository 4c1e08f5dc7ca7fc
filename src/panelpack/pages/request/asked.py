"""One file that is asked of a supplier: what the plan declares of it, and what is known from the quarters before."""

# mypy: strict-optional

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from panelpack.config.presets import Preset
from panelpack.config.sources import Source
from panelpack.config.supplied_table import SupplierFile
from panelpack.pages.request.examples import example
from panelpack.periods import Quarter

FORMATS = ("csv.gz", "csv", "xlsx", "xls", "ods", "parquet")


@dataclass(frozen=True)
class Asked:
    """One file that is asked of a supplier: its table, what is known of it, and what may stand in its columns.

    categories: the values that a column may have, where they are known. checks: what else the office holds it to, a
    sentence each. last_received: of the file before, if any.
    """

    name: str
    table: SupplierFile
    source: Source | None
    preset: Preset | None
    categories: Mapping[str, Sequence[str]]
    checks: Sequence[str] = ()
    last_received: date | None = None

    @property
    def called(self) -> str:
        """The file's name or pattern as Markdown that shows it as it must be typed."""
        return code(self.table.pattern)

    @property
    def is_of_records(self) -> bool:
        """Whether a row is a record (a report, an incident) rather than a period's figure."""
        return bool(self.table.layout.counted) or self.table.period_column not in self.table.key

    @property
    def format(self) -> str:
        """The format, by the layout or by the file's name; csv where neither says."""
        name = self.table.pattern.lower()
        return self.table.layout.format or next((form for form in FORMATS if name.endswith(f".{form}")), "csv")

    def head(self, column: str) -> str:
        """Return what the supplier heads a column."""
        return self.table.layout.heads.get(column, column)

    def written_columns(self, quarter: Quarter) -> list[tuple[str, str, str]]:
        """Return the columns as they stand in the file: head, the plan's column that it is or is part of, example.

        Columns of periods stand last, and are shown by the last one.
        """
        layout, rows = self.table.layout, []
        made = {layout.counted.column} if layout.counted else set()
        made |= {layout.wide.period, layout.wide.value} if layout.wide else set()
        for column in self.table.columns:
            if column in made:
                continue
            cell = example(self.table, column, quarter, self.categories)
            parts = layout.join.get(column, [column])
            cells = cell.rsplit(" ", len(parts) - 1) if len(parts) > 1 else [cell]
            cells += [""] * (len(parts) - len(cells))
            rows += [(self.head(part), column, text) for part, text in zip(parts, cells, strict=True)]
        if layout.wide:
            head, value = (
                example(self.table, name, quarter, self.categories) for name in (layout.wide.period, layout.wide.value)
            )
            rows.append((head, layout.wide.period, value))
        return rows

    def heads_of(self, column: str) -> list[str]:
        """Return the heads of the columns that make a column of the plan."""
        return [self.head(part) for part in self.table.layout.join.get(column, [column])]


def code(text: str) -> str:
    """Return Markdown that shows a text as it must be typed."""
    return text if "`" in text else f"`{text}`"
