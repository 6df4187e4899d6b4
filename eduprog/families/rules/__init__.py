"""What is true of parents and carers, prompts and digests without asking a table: pure functions and values."""

from eduprog.families.rules.codes import CODE_LENGTH, draw_code, read_code, shown_code
from eduprog.families.rules.consent import CURRENT_WORDING, RECORDED_WORDING, WORDINGS, wording
from eduprog.families.rules.figures import SMALLEST_SHOWN, from_five
from eduprog.families.rules.items import DigestItem, merged, years_label
from eduprog.families.rules.languages import ENGLISH, LANGUAGES, SHIPPED_LANGUAGES, Language, language_of
from eduprog.families.rules.links import (
    CONFIRM_DAYS,
    HOME_DAYS,
    HomeLink,
    LeaveLink,
    ViewingLink,
    confirm_token,
    home_token,
    leave_token,
    read_confirm_token,
    read_home_token,
    read_leave_token,
    read_viewing_token,
    viewing_token,
)
from eduprog.families.rules.notices import CHANNEL_WORDS, NOTICE_TITLES, NOTICE_WORDING, Notice, as_text, notice
from eduprog.families.rules.sending import digest_moment, in_sending_hours, monday_of
from eduprog.families.rules.sentences import LONGEST_SENTENCE, fault_of_sentence, tidy_sentence
from eduprog.families.rules.speaking import DOMAIN, catalogue_of, day_in, plural_in, said_in, sentence_in
from eduprog.families.rules.standing import TOLD_BY_HAND_DAYS, Obstacle, Standing, obstacle_of
from eduprog.families.rules.states import (
    ConsentAct,
    ConsultationQuestion,
    ContactBasis,
    ContactImportState,
    ContactState,
    NoticeChannel,
    NoticeKind,
    Opinion,
    PromptReply,
    PromptState,
    StopReason,
)

__all__ = [
    "CHANNEL_WORDS", "CODE_LENGTH", "CONFIRM_DAYS", "CURRENT_WORDING", "DOMAIN", "ENGLISH", "HOME_DAYS", "LANGUAGES",
    "LONGEST_SENTENCE", "NOTICE_TITLES", "NOTICE_WORDING", "RECORDED_WORDING", "SHIPPED_LANGUAGES", "SMALLEST_SHOWN",
    "TOLD_BY_HAND_DAYS", "WORDINGS", "ConsentAct", "ConsultationQuestion", "ContactBasis",
    "ContactImportState", "ContactState", "DigestItem", "HomeLink", "Language", "LeaveLink", "Notice", "NoticeChannel",
    "NoticeKind", "Obstacle", "Opinion", "PromptReply", "PromptState", "Standing", "StopReason", "ViewingLink", "as_text",
    "catalogue_of", "confirm_token", "day_in", "digest_moment", "draw_code", "fault_of_sentence", "from_five", "home_token",
    "in_sending_hours", "language_of", "leave_token", "merged", "monday_of", "notice", "obstacle_of", "plural_in", "read_code",
    "read_confirm_token", "read_home_token", "read_leave_token", "read_viewing_token", "said_in", "sentence_in",
    "shown_code", "tidy_sentence", "viewing_token", "wording", "years_label",
]  # fmt: skip
