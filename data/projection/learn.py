"""Learn how far the last 12 months miss the next financial year, from official counts of other forces.

    python data/projection/learn.py POLICE_RECORDED_CRIME.csv.gz     writes errors.csv beside this file

The argument is the Home Office's police force area table, columns as published. README.md beside this file says
which release, which forces and which years.
"""

import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
OWN_FORCE = "Leicestershire"  # the office's own force is what the errors are used on, so it is left out
FIRST_ORIGIN, LAST_ORIGIN = "2015Q1", "2018Q4"
SUBGROUPS = {
    "domestic_burglary": ("Theft offences", "Domestic burglary"),
    "violence_with_injury": ("Violence against the person", "Violence with injury"),
    "theft_from_vehicle": ("Theft offences", "Theft from a vehicle"),
    "theft_of_vehicle": ("Theft offences", "Theft of a motor vehicle"),
}
FRAUD = "Fraud offences"  # recorded nationally, not by forces, from 2013/14
QUANTILES = {"lower_95": 0.025, "lower_80": 0.1, "median": 0.5, "upper_80": 0.9, "upper_95": 0.975}


def count_of(quarter: str) -> int:
    """Number the quarters of financial years: 2015Q1 and 2015Q2 differ by one."""
    return int(quarter[:4]) * 4 + int(quarter[-1]) - 1


def quarterly(crime: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return offences for each series: a row a quarter (numbered), a column a force."""
    number = crime["Financial Year"].str[:4].astype(int) * 4 + crime["Financial Quarter"] - 1
    crime = crime.assign(quarter=number)[crime["Force Name"] != OWN_FORCE]

    def total(rows: pd.Series) -> pd.DataFrame:
        return crime[rows].pivot_table(
            index="quarter", columns="Force Name", values="Number of Offences", aggfunc="sum"
        )

    group, subgroup = crime["Offence Group"], crime["Offence Subgroup"]
    parts = {name: total((group == g) & (subgroup == s)) for name, (g, s) in SUBGROUPS.items()}
    return {"all_crime": total(group != FRAUD), **parts}


def relative_errors(counts: pd.DataFrame) -> pd.Series:
    """Return next financial year / last 12 months - 1 for every origin and force, in one pool."""
    years = counts.rolling(4).sum()  # the 12 months that end with a quarter
    pool = []
    for origin in range(count_of(FIRST_ORIGIN), count_of(LAST_ORIGIN) + 1):
        year_end = (origin // 4 + 1) * 4 + 3  # the fourth quarter of the financial year after the origin's
        pool.append(years.loc[year_end] / years.loc[origin] - 1)
    return pd.concat(pool)


def learn(crime: pd.DataFrame) -> pd.DataFrame:
    """Return a row a series: quantiles of the relative errors, and what they rest on."""
    rows = []
    for series, counts in quarterly(crime).items():
        errors = relative_errors(counts)
        quantiles = {name: errors.quantile(q) for name, q in QUANTILES.items()}
        basis = {"n": len(errors), "forces": counts.shape[1]}
        rows.append({"series": series, **quantiles, **basis})
    return pd.DataFrame(rows).assign(first_origin=FIRST_ORIGIN, last_origin=LAST_ORIGIN)


def main() -> None:
    """Write errors.csv from the table named on the command line."""
    if len(sys.argv) != 2:
        sys.exit("learn.py: expected the path of the official table. Give it as the only argument.")
    crime = pd.read_csv(sys.argv[1], dtype={"Offence Code": str})
    learn(crime).to_csv(HERE / "errors.csv", index=False, float_format="%.4f", lineterminator="\n")


if __name__ == "__main__":
    main()
