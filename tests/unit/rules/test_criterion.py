"""What decides a result, in a sentence for a lay reader: every rule, both ways and neither, an office's own words."""

import pytest

from panelpack.formats import Form
from panelpack.indicators.judgement import criterion
from panelpack.rules.milestones import TargetAt
from panelpack.rules.rule import RULES, Context, Named
from panelpack.rules.steps import Bands, Step

PERCENT, GRADES = Form("percent", 1), Form("grade", 0, ("Inadequate", "Good", "Outstanding"))
NAMED = Named("2012/13", "12 months to June 2015", "2016/17")
BANDS = (Step("Fast", "met", at_most=8), Step("Fair", "on_course", at_most=11), Step("Slow", "missed"))
SAID = [
    ("significance", {"polarity": "lower"},
     "Called worse if the whole 95% range of the change lies above 0, better if it lies below 0; otherwise no clear "
     "change."),
    ("significance", {"polarity": "higher"},
     "Called worse if the whole 95% range of the change lies below 0, better if it lies above 0; otherwise no clear "
     "change."),
    ("significance", {"polarity": "neither"},
     "Called changed if the whole 95% range of the change lies above 0 or lies below 0; otherwise no clear change."),
    ("printed_precision", {"polarity": "higher", "form": PERCENT},
     "Called worse if the percentage as printed is lower than in 2012/13, better if it is higher; otherwise no clear "
     "change."),
    ("printed_precision", {"polarity": "neither", "form": PERCENT},
     "Called changed if the whole 95% range of the change lies above 0 or lies below 0; otherwise no clear change."),
    ("projection", {"polarity": "lower", "material": 0.25},
     "Called worse if the forecast for 2016/17 is more than 25% above 2012/13, better if it is more than 25% below; "
     "otherwise no clear change."),
    ("projection", {"polarity": "higher", "material": 0.025},
     "Called worse if the forecast for 2016/17 is more than 2.5% below 2012/13, better if it is more than 2.5% above; "
     "otherwise no clear change."),
    ("target", {"polarity": "higher", "form": PERCENT, "target": TargetAt(final=90.0)},
     "Called met at 90.0% or more; else missed."),
    ("target", {"polarity": "lower", "target": TargetAt(direction="lower")},
     "Called met if it is lower than in 2012/13; else missed."),
    ("target",
     {"polarity": "higher", "form": PERCENT,
      "target": TargetAt(final=90.0, by="2017/18", now=86.5, now_words="the straight line from the baseline")},
     "Called met at 90.0% or more by 2017/18, and until then on course where it is no worse than 86.5%, the straight "
     "line from the baseline; else missed."),
    ("bands", {"polarity": "lower", "form": Form("minutes", 1), "bands": Bands("latest", BANDS)},
     "Called by the latest figure: “Fast” up to 8.0 minutes, “Fair” up to 11.0 minutes, otherwise “Slow”."),
    ("bands", {"polarity": "lower", "bands": Bands("pct_change", BANDS)},
     "Called by the change since 2012/13 in percent: “Fast” up to +8%, “Fair” up to +11%, otherwise “Slow”."),
    ("grade", {"polarity": "higher", "form": GRADES},
     "Called worse if the grade is lower than in 2012/13, better if it is higher; otherwise no clear change. From the "
     "worst to the best: Inadequate, Good, Outstanding."),
    ("assessment", {"polarity": "higher"},
     "The board says itself whether it is better or worse; no figures are compared."),
    ("none", {"polarity": "neither"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "context", "said"), SAID, ids=[f"{rule}-{n}" for n, (rule, *_) in enumerate(SAID)])
def test_what_decides_a_result(rule, context, said):
    assert RULES[rule].criterion(Context(**context), NAMED) == said


def test_every_rule_is_among_the_examples():
    assert {rule for rule, *_ in SAID} == set(RULES)


def test_a_baseline_that_is_not_named_is_called_the_one_before():
    said = RULES["printed_precision"].criterion(Context("higher", form=PERCENT), Named())
    assert "lower than in the period before" in said
    assert "above the baseline" in RULES["projection"].criterion(Context("lower", material=0.1), Named(year="2016/17"))


def test_an_offices_own_words_stand_in_quotation_marks():
    context = Context("lower", words={"improved": "On the up", "deteriorated": "Slipping"})
    said = RULES["significance"].criterion(context, NAMED)
    assert said.startswith("Called “Slipping” if ") and "“On the up” if it lies below 0" in said


def test_only_what_may_be_judged_has_a_criterion(data):
    plan = data.plan
    said = {f.id: criterion(f, data) for box in plan.priorities for f in box.indicators}
    judged = {f.id for box in plan.priorities for f in box.indicators
              if f.scored and f.status is None and (f.series or f.rule == "assessment")}  # fmt: skip
    assert {name for name, words in said.items() if words} == judged
    assert "than in 2012/13" in said["SP07.satisfaction"] and "2016/17 is more than 25%" in said["SP14B.offences"]
