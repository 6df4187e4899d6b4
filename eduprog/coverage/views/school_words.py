"""The sentences of the board of schools: which school needs help, with what, and the next step."""

from __future__ import annotations

from eduprog.coverage.rules.schools import Need, SchoolElement

_SAID = {
    SchoolElement.DELIVERED: "has delivered {share} % of the lessons it planned this year",
    SchoolElement.FOLLOW_UPS: "gave {share} % of the follow-ups due in the last six weeks",
    SchoolElement.FAMILIES: "reaches {share} % of its families",
    SchoolElement.ACTS: "has done {share} % of its whole-school acts this year",
}
NEXT_STEPS = {
    SchoolElement.DELIVERED: "Ring its head of PSHE and offer cover: their programme board names the classes that wait.",
    SchoolElement.FOLLOW_UPS: "Ask its head of PSHE to show the starters at the next staff meeting: each takes three minutes.",
    SchoolElement.FAMILIES: "Ask its office to send the class letters once more: each has a code by which families join.",
    SchoolElement.ACTS: "Ask its head who leads the acts that are still to come, and offer a hand with the next one.",
}


def sentence_of(need: Need) -> str:
    """Say in one sentence how a school lags, beside the middle of the schools shown."""
    return f"{need.name} {_SAID[need.element].format(share=need.share)}; half of the schools here are at {need.middle} % or more."
