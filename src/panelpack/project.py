"""Where each thing lies in the project's folder."""

from dataclasses import dataclass
from pathlib import Path

from panelpack.errors import UsageError
from panelpack.quarters import LABEL, Quarter


@dataclass(frozen=True)
class Project:
    """The paths of a checkout. Notebooks and commands find it from any folder inside."""

    root: Path

    @classmethod
    def here(cls) -> "Project":
        """Return the project around the working folder. Raises UsageError outside one."""
        folder = Path.cwd()
        for candidate in (folder, *folder.parents):
            if (candidate / "params" / "plan.yml").exists():
                return cls(candidate)
        raise UsageError(
            f"{folder}: no params/plan.yml here or above, so this is no project folder. "
            "Go to the project's folder first."
        )

    @property
    def package(self) -> Path:
        """The code."""
        return self.root / "src" / "panelpack"

    @property
    def lock(self) -> Path:
        """The versions of everything that the code uses."""
        return self.root / "requirements.lock"

    @property
    def plan(self) -> Path:
        """The Police and Crime Plan as data."""
        return self.root / "params" / "plan.yml"

    @property
    def expectations(self) -> Path:
        """The Great Expectations suites, one a table."""
        return self.root / "expectations"

    @property
    def notebooks(self) -> Path:
        """The notebooks, without outputs."""
        return self.root / "notebooks"

    def params(self, quarter: Quarter) -> Path:
        """What changes each quarter."""
        return self.root / "params" / f"{quarter}.yml"

    def commentary(self, quarter: Quarter) -> Path:
        """The commentary of a quarter."""
        return self.root / "params" / f"{quarter}.md"

    def raw(self, quarter: Quarter) -> Path:
        """The suppliers' files as received."""
        return self.root / "data" / "raw" / str(quarter)

    def published(self, quarter: Quarter) -> Path:
        """The figures of a printed paper, for comparison only; most quarters have none."""
        return self.root / "data" / "published" / f"{quarter}.csv"

    @property
    def projection(self) -> Path:
        """How projections were chosen and what their past errors teach."""
        return self.root / "data" / "projection"

    @property
    def calibration(self) -> Path:
        """What past errors of projections teach, for their intervals."""
        return self.projection / "calibration.csv"

    @property
    def false_alarms(self) -> Path:
        """How often control charts of stable series raise an alarm, simulated."""
        return self.root / "data" / "spc" / "false_alarms.csv"

    def later(self, quarter: Quarter) -> Path:
        """What was recorded after a quarter that was projected then; most quarters have none."""
        return self.root / "data" / "recorded_later" / f"{quarter}.csv"

    @property
    def approvals(self) -> Path:
        """Who approved which pack."""
        return self.root / "params" / "approvals.yml"

    def processed(self, quarter: Quarter) -> Path:
        """What the notebooks write for each other."""
        return self.root / "data" / "processed" / str(quarter)

    def outputs(self, quarter: Quarter) -> Path:
        """The pack and the review copies."""
        return self.root / "outputs" / str(quarter)

    def quarters(self) -> list[str]:
        """Return the labels of the quarters that have a raw folder."""
        folders = (self.root / "data" / "raw").glob("*")
        return sorted(folder.name for folder in folders if folder.is_dir() and LABEL.fullmatch(folder.name))

    def quarter(self, label: str) -> Quarter:
        """Read a typed quarter label. Raises UsageError unless it is well formed and has a raw folder."""
        known = f"Quarters with a folder under data/raw: {', '.join(self.quarters()) or 'none'}."
        if not label:
            raise UsageError(f"Q is missing: expected the label of a quarter, Q=YYYYQn. {known}")
        try:
            quarter = Quarter.parse(label)
        except UsageError as error:
            raise UsageError(f"{error} {known}") from None
        if not self.raw(quarter).is_dir():
            raise UsageError(f"Q={label!r}: there is no folder data/raw/{label}. {known}")
        return quarter
