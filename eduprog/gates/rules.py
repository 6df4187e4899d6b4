"""What a gate asks for and what a pause can stop, as closed lists."""

from __future__ import annotations

from enum import StrEnum


class Condition(StrEnum):
    """What must be in place before a gated lesson."""

    TRAINED_TEACHER = "trained_teacher"
    DSL_TOLD = "dsl_told"
    HELP_CARD = "help_card"
    PARENTS_SHOWN = "parents_shown"
    PARENT_NOTICE = "parent_notice"
    ALTERNATIVE_WORK = "alternative_work"


class PauseScope(StrEnum):
    """What a pause stops."""

    MODULE = "module"
    STRAND = "strand"
    YEAR_GROUP = "year_group"
