"""The data dictionary of the tables that are published: what each column says."""

from collections.abc import Collection

import pandas as pd

from panelpack.indicators.comparator_tables import COMPARATOR_NUMBERS
from panelpack.indicators.results import FLAGS, RESULT_NUMBERS

DICTIONARY_COLUMNS = ["table", "column", "kind", "meaning"]
INDICATORS = {
    "indicator": "the id of the indicator or measure",
    "priority": "the box",
    "title": "its title",
    "unit": "count, percent, gbp, gbp_million, assessment, narrative, or the words behind the number",
    "polarity": "which way is better",
    "scored": "whether it counts in the headline",
    "baseline_period": "the period compared with, in words",
    "baseline": "the value of the period compared with; empty where it may not be shown or there is none",
    "latest_period": "the reported period, in words",
    "latest": "the value of the reported period",
    "change": "latest less baseline, in the unit; of a percentage in percentage points",
    "pct_change": "the change in percent of the baseline, for counts",
    "rule": "the rule that judged it",
    "verdict": "improved, no_change, deteriorated, changed, met, on_course, missed or not_assessed; empty where not "
    "scored",
    "reason": "why there is no verdict",
    "evidence": "what the verdict rests on, in words",
    "lower_95": "the lower end of the 95% interval",
    "upper_95": "the upper end of the 95% interval",
    "reconstructed": "whether its table was reconstructed",
    "note": "what a reader must know, as one text",
    "interval_of": "what the interval is of, latest, change, pct_change or projected",
    "projection_year": "the financial year that is projected",
    "projected": "the projected total of the projection year",
    "p_value": "how often chance alone would give such a figure; empty where nothing was tested",
    "how_sure": "how sure the verdict is",
    "how_sure_reason": "why, in a sentence",
    "how_sure_basis": "counted, or assumed where the interval rests on something assumed",
    "baseline_base": "of a percentage, what the baseline is out of",
    "latest_base": "of a percentage, what the latest value is out of",
    "mean": "the mean of its control chart, an expected level where it has limits",
    "level": "where the latest quarter lies against the mean of its control chart, in words",
    "signal": "what the control chart says of the latest quarter, in words",
    "variation": "one of improvement, concern, neither and common_cause; empty without limits",
    "assurance": "whether a target is consistently met, consistently missed, or hit and miss",
    "adjusted": "whether the season was taken out",
    "low": "the lowest point of its control chart in the latest 12 months",
    "low_period": "the month or quarter of the lowest value",
    "high": "the highest point of its control chart in the latest 12 months",
    "high_period": "the month or quarter of the highest value",
    "kind": "what kind of measure it is; empty for one without a series",
    "decimals": "with how many decimals its values are printed",
    "labels": "of a grade, the words in their order, the worst first",
    "word": "the office's own word for the verdict, where it has one",
    "mark": "the office's own shape for it, where it has one",
    "part_of": "the indicator that it is counted in already",
    "target": "what is to be reached, in words",
    "year_period": "the latest quarter, half or year, in words",
    "year_latest": "the value of it",
    "year_before_period": "the same one a year before, in words",
    "year_before": "the value of that one",
    "year_change": "the change from it, in the unit",
    "year_pct_change": "the change in percent of it",
    "baseline_shorthand": "the sign in the place of a baseline that is not shown, with its words in indicators.csv",
    "latest_shorthand": "the same of the latest value",
    "baseline_numerator": "of a percentage or a rate, the count behind the baseline",
    "latest_numerator": "of a percentage or a rate, the count behind the latest value",
    "year_numerator": "of a percentage or a rate, the count behind the figure of the latest quarter",
    "year_base": "of a percentage, what the figure of the latest quarter is out of",
    "year_before_numerator": "of a percentage or a rate, the count behind the figure of the same quarter a year before",
    "year_before_base": "of a percentage, what the figure of the same quarter a year before is out of",
    "target_value": "the number that is to be reached, where the target names one",
}
SERIES = {
    "series": "the name of the series in the plan",
    "title": "its title",
    "sheet": "the sheet of indicators.xlsx with its points",
    "area": "the area that the point is of; empty of the whole",
    "period": "what the point covers: YYYY-MM a month, YYYYQ1 the first quarter of the financial year from April YYYY, "
    "YYYYH1 a half of it, YYYY/YY a financial year, YYYY a calendar year, YYYY-MM-DD a position on a day",
    "period_words": "the same in words",
    "value": "the value in the unit, unrounded; empty where a sign stands in its place",
    "numerator": "what is divided: of a percentage how many it is of, of a rate how many were counted; empty where the "
    "value came worked out, or is divided by nothing",
    "base": "what it is divided by: of a percentage or a mean how many were asked or measured, of a rate the people in "
    "the unit that it is per",
    "unit": "what the value is in",
    "decimals": "with how many decimals it is printed",
    "shorthand": "the sign in the place of a value that is not shown; empty where it is shown",
    "source": "who supplied it",
}
PERIODS = {
    "indicator": "the id of the indicator or measure",
    "title": "its title",
    "role": "baseline or latest, which its change is of; year_latest or year_before, the same quarter a year before",
    "period": "the period, in words",
    "value": "the value of the period, unrounded; empty where a sign stands in its place",
    "numerator": SERIES["numerator"],
    "base": SERIES["base"],
    "unit": SERIES["unit"],
    "decimals": SERIES["decimals"],
    "shorthand": SERIES["shorthand"],
    "series": "the series that it is of",
    "sheet": "the sheet of indicators.xlsx with the points of the series; empty where none is shown",
    "first": "the first point that it is put together of; empty where its points are not shown",
    "last": "the last point that it is put together of",
    "years": "of how many years it is the mean",
    "put_together": "how it is worked out of these points; of several years the result is divided by them, unless it "
    "is over bases",
    "source": SERIES["source"],
}
COMMENTARY = {
    "paragraph": "the paragraph's number",
    "section": "the heading that it stands under",
    "priority": "the update that it belongs to",
    "text": "the paragraph, references resolved",
    "indicators": "the indicators and measures that it cites",
    "origin": "computed where figures stand in it, else written",
    "figures": "everything that it cites of the results, each with its raw value and the words it became",
}
COMPARATORS = {
    "indicator": "the id of the indicator",
    "title": "its title",
    "offences": "which offences of the official table are counted, as the table calls them",
    "force": "the office's own force, as the table names it",
    "before_period": "the earlier period, in words",
    "latest_period": "the later period, in words: twelve months that had been published before the meeting",
    "before": "the own force's offences of the earlier period, a year; by the official table, as all that follows",
    "latest": "the own force's offences of the later period, a year",
    "pct_change": "the own force's change, in percent",
    "others": "how many other forces it is compared with",
    "others_before": "the offences of the other forces together in the earlier period, a year",
    "others_latest": "the same in the later period",
    "others_pct_change": "the change of the other forces together, in percent",
    "p10_pct_change": "the 10th centile of the other forces' changes, in percent: one in ten changed by less",
    "p90_pct_change": "the 90th centile of them: one in ten changed by more",
    "change_position": "within, above or below what changes differ by between forces anyway; empty where fewer than "
    "ten forces can be compared",
    "per": "what the rates are per, in words",
    "vintage": "from when the number of people or households is",
    "per_1000": "the own force's offences of the later period per 1,000 people or households",
    "others_per_1000": "the same of the other forces together",
    "region_per_1000": "the same of the other forces of its region together; empty where there are none",
    "nation_per_1000": "the same of the other forces of its nation together; empty where there are none",
    "group_per_1000": "the same of its most similar forces together; empty where no list of them is at hand",
    "rate_position": "within, above or below what rates differ by between forces anyway; empty where fewer than ten "
    "forces can be compared",
    "region": "the own force's region",
    "nation": "its nation",
    "group": "its most similar forces, as the office took them from a source",
    "group_source": "who published which forces are most similar",
    "group_year": "the year of that",
    "incomplete": "forces that are not compared, since the table does not have all of both periods",
    "small": "forces that are not compared, since too few people live there",
    "release": "the release of the official table",
    "caution": "what a reader must know of such a comparison",
    "why_not": "why there is no comparison; empty where there is one",
}
OTHER_FORCES = {
    "indicator": COMPARATORS["indicator"],
    "force": "the force, as the official table names it; in the order of regions, then of names",
    "region": "its region",
    "nation": "its nation",
    "is_own": "whether it is the office's own force",
    "before": "its offences of the earlier period, a year; the periods stand in comparators.csv",
    "latest": "its offences of the later period, a year",
    "pct_change": "the change, in percent",
    "size": "how many people, or households, its rate is worked out with; empty where too few live there",
    "per": COMPARATORS["per"],
    "per_1000": "its offences of the later period per 1,000 people or households",
    "lower_99_8_per_1000": "the lower end of what such rates differ by between forces anyway, at 99.8%",
    "upper_99_8_per_1000": "the upper end of it",
}
DICTIONARY = {
    "table": "the file of the table",
    "column": "the name of the column",
    "kind": "number, text, or true or false",
    "meaning": "what it says",
}
TABLES = {
    "indicators.csv": INDICATORS,
    "series.csv": SERIES,
    "periods.csv": PERIODS,
    "commentary.csv": COMMENTARY,
    "comparators.csv": COMPARATORS,
    "other_forces.csv": OTHER_FORCES,
    "dictionary.csv": DICTIONARY,
}
NUMBERS = frozenset(
    {*RESULT_NUMBERS, *COMPARATOR_NUMBERS, "decimals", "value", "numerator", "base", "years", "paragraph"}
)


def dictionary_rows(files: Collection[str] = tuple(TABLES)) -> pd.DataFrame:
    """Return the meaning of every column of the published tables, or of some, with DICTIONARY_COLUMNS."""
    rows = [
        (table, column, _kind(table, column), meaning)
        for table, columns in TABLES.items()
        if table in files
        for column, meaning in columns.items()
    ]
    return pd.DataFrame(rows, columns=DICTIONARY_COLUMNS)


def _kind(table: str, column: str) -> str:
    if column == "is_own" or (column in FLAGS and table == "indicators.csv"):
        return "true or false"
    return "number" if column in NUMBERS else "text"
