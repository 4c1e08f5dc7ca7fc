"""A rule is added by adding one class: the plan, its schema and checks, the pages and the figures know it at once."""

import pytest

import page_blocks
from panelpack.config.configuration import Configuration
from panelpack.config.plan import Plan
from panelpack.config.plan_checks import load_plan
from panelpack.errors import ConfigurationError
from panelpack.pages import key
from panelpack.pages.methods import rule_texts, rules_table
from panelpack.rules.rule import RULES, Rule
from panelpack.rules.verdict import NO_CHANGE, Verdict, by_direction


@pytest.fixture
def halved():
    """A rule for counts that only a change by half is a verdict of."""

    class Halved(Rule):
        name = "halved"
        kinds = frozenset({"count"})
        title = "Change by half"
        key = ("Rule: half", "Half the baseline, or twice of it")
        methods = "### Counts by half\n\n- **Rule.** Half or twice.\n"

        def judge(self, baseline, latest, context):
            ratio = latest.value / baseline.value
            verdict = NO_CHANGE if 0.5 < ratio < 2 else by_direction(ratio - 1, context.polarity)
            return Verdict(verdict, "", f"{ratio:.2f} of the baseline.")

    yield RULES["halved"]
    del RULES["halved"]


@pytest.fixture
def plan_of(project_copy):
    """Return a function that writes a text of the plan anew, once, and reads the plan."""

    def change(before, after):
        text = (project_copy.root / "params/plan.yml").read_text(encoding="utf-8")
        assert before in text
        (project_copy.root / "params/plan.yml").write_text(text.replace(before, after, 1), encoding="utf-8")
        return load_plan(project_copy.root / "params/plan.yml")

    return change


def rules_of_schema():
    return Plan.model_json_schema()["$defs"]["Indicator"]["properties"]["rule"]["enum"]


def test_the_schema_of_the_plan_names_it(request):
    before = rules_of_schema()
    request.getfixturevalue("halved")
    assert rules_of_schema() == [*before, "halved"]


def test_the_plan_takes_it_where_it_fits(halved, plan_of):
    plan = plan_of("    rule: significance\n", "    rule: halved\n")
    assert plan.figures["SP01.first_time_entrants"].rule == "halved"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("    rule: printed_precision\n", "    rule: halved\n",
         "the rule 'halved' does not fit the kind 'share'; it fits count."),
        ("    rule: none\n", "    rule: halved\n", "the rule 'halved' needs a series."),
        ("    rule: projection\n", "    rule: halved\n",
         "`projection_year` is for the rule 'projection', found 'halved'. Remove it, or change the rule."),
        ("    rule: significance\n", "    rule: halve\n", "priorities.0.indicators.0.rule: 'halve': there is no such "
         "rule, expected one of significance, printed_precision, projection, target, bands, grade, assessment, none, "
         "halved."),
    ],
)  # fmt: skip
def test_the_plans_checks_hold_it_to_what_it_needs(before, after, said, halved, plan_of):
    with pytest.raises(ConfigurationError) as caught:
        plan_of(before, after)
    assert any(line.startswith("params/plan.yml, line ") and said in line for line in str(caught.value).splitlines())


def test_the_figures_and_the_pages_know_it(halved, plan_of, project_copy, quarter, results):
    plan_of("    rule: significance\n", "    rule: halved\n")
    report = page_blocks.prepared(project_copy, quarter)
    entrants = report.result("SP01.first_time_entrants")
    assert (entrants.verdict, entrants.evidence, entrants.rule) == ("improved", "0.49 of the baseline.", "halved")
    # Without a test of its own it is not among the comparisons; counts have their ordinary movement all the same.
    assert (entrants.p_value, entrants.how_sure) == (None, "clear")
    others = [result for result in report.indicators() if result.rule != "halved"]
    assert all(results[other.indicator] == other for other in others)
    _, table = key.blocks(report)
    assert {"What you see": "Rule: half", "What it means": "Half the baseline, or twice of it"} in table.rows
    assert "- **Rule.** Half or twice." in rule_texts(report).markdown
    (row,) = [row for row in rules_table(report).rows if row["Rule"] == "Change by half"]
    assert (row["Indicators"], row["Better"], row["No clear change"]) == ("1", "1", "0")


def test_a_rule_that_needs_an_assessment_asks_for_it(plan_of, project_copy, quarter):
    class Peers(Rule):
        name = "peers"
        kinds = frozenset({"assessment"})
        needs_series = False
        needs_assessment = True

        def judge(self, baseline, latest, context):
            return Verdict(context.assessed[0], "", "Assessed by peers.")

    try:
        plan_of("    unit: narrative\n    polarity: neither\n    rule: none\n",
                "    unit: assessment\n    polarity: higher\n    rule: peers\n")  # fmt: skip
        with pytest.raises(ConfigurationError) as caught:
            Configuration.read(project_copy, quarter)
    finally:
        del RULES["peers"]
    assert str(caught.value).startswith("params/2015Q1.yml, line ")
    assert str(caught.value).endswith(": SP15.child_sexual_exploitation has no assessment. Add it.")


def test_a_removed_rule_is_unknown_again(plan_of):
    with pytest.raises(ConfigurationError, match=r"params/plan\.yml, line \d+: .*'halved': there is no such rule, exp"):
        plan_of("    rule: significance\n", "    rule: halved\n")
