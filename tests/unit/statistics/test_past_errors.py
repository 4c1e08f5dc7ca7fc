"""What errors of other forces teach: by hand, what was known when, gaps, breaks, tiny forces, nothing at all."""

import numpy as np
import pandas as pd
import pytest

from panelpack.periods import Quarter
from panelpack.statistics.attempts import DISPERSION, chance
from panelpack.statistics.past_errors import FARTHEST, PRIOR_YEARS, PastErrors, UnknownSeriesError

FORCES = ("East", "North", "South", "West")
ORIGIN = Quarter(2007, 2)


def drawn(quarters=25, series=("a", "b"), forces=FORCES, mean=900.0, seed=7):
    """Counts whose level wanders by some percent a quarter, from 2001Q1 on."""
    chance_of = np.random.default_rng(seed)
    columns = pd.MultiIndex.from_product([series, forces], names=["series", "force"])
    levels = mean * np.exp(np.cumsum(chance_of.normal(0, 0.05, (quarters, len(columns))), axis=0))
    index = [str(Quarter(2001, 1).shift(by)) for by in range(quarters)]
    return pd.DataFrame(chance_of.poisson(levels).astype(float), index=index, columns=columns)


def test_an_error_is_of_what_was_still_to_come():
    counts = drawn()
    past = PastErrors.of_counts(counts)
    place, series, force = 9, 1, 2  # 2003Q2, b, South
    values = counts["b", "South"].to_numpy()
    this, following = past.attempts[0], past.attempts[1]
    assert this.actual[place, series, force] == values[10:12].sum()
    assert this.counted[place, series, force] == values[8:10].sum()
    assert following.forecast[place, series, force] == following.latest[place, series, force] == values[6:10].sum()
    assert following.errors[place, series, force] == pytest.approx(np.log(values[12:16].sum() / values[6:10].sum()))
    assert (this.end[place], following.end[place]) == (11, 15)


def test_the_variance_of_a_later_year_by_hand():
    counts = drawn(quarters=16, series=("a",), forces=FORCES[:2])
    learned = PastErrors.of_counts(counts).learn("a", Quarter(2005, 1), 1)
    totals = counts.rolling(4).sum().to_numpy()
    # Every forecast of one or two years ahead whose year is complete: so many quarters from one total to the other.
    pools = {}
    for place in range(3, 16):
        for way in (7 - place % 4, 11 - place % 4):
            if place + way < 16:
                error = np.log(totals[place + way] / totals[place]) ** 2
                pools.setdefault(way, []).append((error, DISPERSION * 2 / totals[place]))
    weights, beyond = {}, {}
    for way, of in pools.items():
        # A way of so many quarters is of one quarter of the year and so many years ahead: a pool of its own.
        squares, chances = (np.concatenate(each) for each in zip(*of, strict=True))
        weight = (squares.mean() / (squares.mean() + chances)) ** 2
        weights[way], beyond[way] = weight.sum(), (weight * (squares - chances)).sum()
    prior = 7 * sum(beyond.values()) / sum(way * weight for way, weight in weights.items())
    assert (learned.years, learned.errors, learned.degrees_of_freedom) == (2, 4, 2 + PRIOR_YEARS)
    assert learned.of_all == 2 * sum(map(len, pools.values()))
    variance = (2 * beyond[7] / weights[7] + PRIOR_YEARS * prior) / (2 + PRIOR_YEARS)
    assert learned.variance == pytest.approx(variance, rel=1e-6)


def test_the_more_years_are_seen_the_more_they_say():
    counts = drawn(quarters=41)
    past = PastErrors.of_counts(counts)
    years = [past.until(Quarter(2001 + by, 1)).learn("a", Quarter(2001 + by, 2), 1) for by in range(4, 10)]
    assert [of.years for of in years] == [2, 3, 4, 5, 6, 7]
    assert [of.degrees_of_freedom for of in years] == [of.years + PRIOR_YEARS for of in years]
    assert [of.errors for of in years] == [of.years * len(FORCES) for of in years]


# ------------------------------------------------------------------------------------------- what was known when
@pytest.mark.parametrize("years_ahead", [0, 1, 2])
@pytest.mark.parametrize("late", [0, 1, 3])
def test_what_was_published_later_teaches_nothing(years_ahead, late):
    counts, known = drawn(), ORIGIN.shift(-late)
    changed = counts.copy()
    changed.loc[changed.index > str(known)] *= 5
    cut = counts.loc[: str(known)]
    every = [
        PastErrors.of_counts(counts).until(known),
        PastErrors.of_counts(changed).until(known),
        PastErrors.of_counts(cut),
    ]
    learned = [past.learn("a", ORIGIN, years_ahead) for past in every]
    assert learned[0] == learned[1] == learned[2]


def test_the_last_errors_are_of_years_that_were_published():
    past = PastErrors.of_counts(drawn())
    # 2006/07 ends with 2006Q4. What is published up to the quarter before it knows 2005/06.
    early, late = (past.until(quarter).learn("a", ORIGIN, 1) for quarter in (Quarter(2006, 3), Quarter(2006, 4)))
    assert late.years == early.years + 1
    assert (early.last_origin, late.last_origin) == ("2004Q4", "2005Q4")


def test_a_force_left_out_teaches_nothing():
    counts, changed = drawn(), drawn()
    changed.loc[:, (slice(None), "West")] *= np.linspace(1, 9, len(counts))[:, None]
    without = counts.drop(columns="West", level="force")
    for years_ahead in (0, 1):
        learned = [
            PastErrors.of_counts(counts).without("West").learn("b", ORIGIN, years_ahead),
            PastErrors.of_counts(changed).without("West").learn("b", ORIGIN, years_ahead),
            PastErrors.of_counts(without).learn("b", ORIGIN, years_ahead),
        ]
        assert learned[0] == learned[1] == learned[2]
        assert learned[0].forces == 3


def test_a_year_so_far_ahead_that_none_has_ended_leans_on_nearer_ones():
    past = PastErrors.of_counts(drawn(quarters=11))  # up to 2003Q3: only 2001Q4 to 2002/03 has ended
    near, far = past.learn("a", Quarter(2003, 4), 1), past.learn("a", Quarter(2003, 4), 2)
    assert (near.years, far.years, far.errors, far.of_all) == (1, 0, 0, 8)
    assert far.degrees_of_freedom == PRIOR_YEARS
    # A walk: the variance over eight quarters is twice that over four.
    prior = ((1 + PRIOR_YEARS) * near.variance + (1 + PRIOR_YEARS) * past.learn("b", Quarter(2003, 4), 1).variance) / (
        2 * (1 + PRIOR_YEARS)
    )
    assert far.variance == pytest.approx(2 * prior, rel=0.15)


@pytest.mark.parametrize("quarters", [0, 3, 7])
def test_where_no_year_has_ended_there_is_nothing_to_learn(quarters):
    past = PastErrors.of_counts(drawn().iloc[:quarters])
    with pytest.raises(ValueError, match="expected one to learn from"):
        past.learn("a", ORIGIN, 1)


def test_a_series_that_the_counts_do_not_have_is_refused():
    with pytest.raises(UnknownSeriesError, match=r"found no official counts of 'c', expected one of a, b$"):
        PastErrors.of_counts(drawn()).learn("c", ORIGIN, 1)


def test_when_the_times_are_restless_the_year_under_way_is_wider_and_the_next_is_not():
    calm, restless = drawn(), drawn()
    restless.loc["2006Q4":] *= 1.6
    for years_ahead, is_wider in ((0, True), (1, False)):
        found = [
            PastErrors.of_counts(of).until(Quarter(2007, 1)).learn("a", ORIGIN, years_ahead).variance
            for of in (calm, restless)
        ]
        # The errors that are known are of the calm years.
        known = [
            PastErrors.of_counts(of).until(Quarter(2006, 3)).learn("a", ORIGIN, years_ahead).variance
            for of in (calm, restless)
        ]
        assert known[0] == known[1]
        assert (found[1] > 1.3 * found[0]) is is_wider


# ------------------------------------------------------------------------------------------- tables as they come
def test_no_error_across_a_break_is_learned():
    counts, broken = drawn(), drawn()
    broken.loc["2004Q1":, broken.columns[4:]] *= 3
    honest, told = PastErrors.of_counts(counts), PastErrors.of_counts(broken, [("b", "2004Q1"), ("c", "2004Q1")])
    with_it, without = told.learn("b", ORIGIN, 1), honest.learn("b", ORIGIN, 1)
    assert with_it.years < without.years
    assert with_it.variance < 3 * without.variance
    assert PastErrors.of_counts(broken).learn("b", ORIGIN, 1).variance > 10 * without.variance


def test_a_force_with_a_gap_teaches_where_it_can():
    counts = drawn()
    counts.loc["2004Q2", (slice(None), "North")] = np.nan
    counts[("b", "South")] = np.nan  # a force without rows of a series
    past = PastErrors.of_counts(counts.drop(columns=("a", "West")))
    for years_ahead in (0, 1, 2):
        for series in ("a", "b"):
            learned = past.learn(series, ORIGIN, years_ahead)
            assert np.isfinite(learned.variance) and learned.variance > 0
            assert learned.forces == 4
    whole = PastErrors.of_counts(drawn()).learn("a", ORIGIN, 1)
    assert past.learn("a", ORIGIN, 1).errors < whole.errors


def test_an_error_out_of_all_proportion_is_pulled_in():
    counts = drawn(quarters=33, series=("a",), forces=[f"Force {number}" for number in range(9)])
    wild = counts.copy()
    wild.loc["2005Q1":"2005Q4", ("a", "Force 3")] *= 40
    origin = Quarter(2009, 2)
    calm, pulled = (PastErrors.of_counts(of).learn("a", origin, 1).variance for of in (counts, wild))
    assert pulled < FARTHEST**2 * calm


def test_a_tiny_force_says_little_of_the_others():
    counts = drawn(mean=5000.0)
    rng = np.random.default_rng(1)
    tiny = pd.DataFrame(
        rng.poisson(2, (len(counts), 2)).astype(float),
        index=counts.index,
        columns=pd.MultiIndex.from_product([["a", "b"], ["Tiny"]], names=["series", "force"]),
    )
    both = pd.concat([counts, tiny], axis="columns")
    alone, beside = (PastErrors.of_counts(of).learn("a", ORIGIN, 1).variance for of in (counts, both))
    assert beside == pytest.approx(alone, rel=0.2)
    assert chance(8, 8) > 100 * chance(5000, 5000)


def test_counts_that_never_move_are_as_sure_as_chance_lets_them_be():
    counts = drawn() * 0 + 100
    assert PastErrors.of_counts(counts).learn("a", ORIGIN, 0).variance == 0
    assert PastErrors.of_counts(counts * 0).learn("a", ORIGIN, 1).variance == 0
