"""The plan's thresholds of disclosure control: from how many answers, or people, a number may be shown."""

from collections.abc import Iterator

from pydantic import Field

from panelpack.config.strict_yaml import Location, Mistake, Strict

USUAL = "usual; the plan states none"
# With 2 the mark in the place of a number would say that it is 1.
NO_THRESHOLD = 2


class Threshold(Strict):
    """From how many on a number is shown, and on whose authority."""

    fewest: int = Field(ge=1)
    authority: str = Field(min_length=1, description="who set it, or what it rests on")


class Disclosure(Strict):
    """What is too few: of answers behind a reported figure, of answers behind anything shown, of people counted."""

    reported: Threshold = Field(
        default=Threshold(fewest=100, authority=USUAL), description="responses behind a survey figure that is reported"
    )
    shown: Threshold = Field(
        default=Threshold(fewest=30, authority=USUAL), description="answers behind any point or cell that is shown"
    )
    people: Threshold = Field(
        default=Threshold(fewest=5, authority=USUAL), description="a count of people from 1 to one less is not shown"
    )


def find_disclosure_mistakes(at: Location, disclosure: Disclosure) -> Iterator[Mistake]:
    """Yield a threshold of people that hides one number only, and answers shown that are more than those reported."""
    if disclosure.people.fewest == NO_THRESHOLD:
        yield (
            (*at, "people", "fewest"),
            "found 2, which hides the number 1 alone, so that a hidden cell says what it is. Write 1 to hide nothing, "
            "or 3 or more.",
        )
    if disclosure.shown.fewest > disclosure.reported.fewest:
        yield (
            (*at, "shown", "fewest"),
            f"found {disclosure.shown.fewest}, more than the {disclosure.reported.fewest} of a figure that is "
            "reported. A point needs no more answers than a figure.",
        )
