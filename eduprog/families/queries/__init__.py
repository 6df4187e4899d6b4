"""Reads about parents and carers, prompts and digests."""

from eduprog.families.queries.activities import (
    Activity,
    Service,
    TranslationLine,
    activities,
    coming_lines,
    translations,
    ways_to_get_help,
)
from eduprog.families.queries.choices import Choices, choices_row, family_choices
from eduprog.families.queries.coming import coming_next
from eduprog.families.queries.contacts import (
    JOIN_CONFIRM,
    AskedFor,
    JoinOffer,
    address_hash,
    asked_for,
    code_hash,
    contact,
    contact_of,
    contact_to_change,
    has_class,
    join_offer,
    known_hashes,
    offer_of_consent,
    recently_asked,
    tally_facts,
)
from eduprog.families.queries.digests import (
    DIGEST,
    CarriedPrompt,
    DigestFacts,
    count_waiting_messages,
    digest_facts,
    family_hash,
    replies_of,
    waiting_messages,
)
from eduprog.families.queries.notices import sent_notice, sent_notices
from eduprog.families.queries.overview import (
    ClassFigures,
    CodeToPrint,
    PromptLine,
    class_figures,
    codes_to_print,
    open_classes,
    prompt_lines,
    prompt_lists,
)
from eduprog.families.queries.plans import DigestPlan, plan_by_hand, plan_digests
from eduprog.families.queries.prompts import WaitingPrompt, is_gated, live_module, may_go, told_by_hand, waiting_prompts
from eduprog.families.queries.troubles import TroubledPrompt, about_digests, about_joining, troubled_prompts
from eduprog.families.queries.viewing import (
    ConsultationResults,
    ViewedModule,
    ViewingFigures,
    consultation_results,
    contact_classes,
    extra_lessons,
    is_secondary,
    missing_entries,
    newest_policy,
    open_consultation,
    policy_content,
    sex_education_in,
    viewed_modules,
    viewing_figures,
    viewing_log,
)

__all__ = [
    "DIGEST", "JOIN_CONFIRM", "Activity", "AskedFor", "CarriedPrompt", "Choices", "ClassFigures", "CodeToPrint",
    "ConsultationResults", "DigestFacts", "DigestPlan", "JoinOffer", "PromptLine", "Service", "TranslationLine",
    "TroubledPrompt", "ViewedModule", "ViewingFigures", "WaitingPrompt", "about_digests", "about_joining", "activities",
    "address_hash", "asked_for", "choices_row", "class_figures", "code_hash", "codes_to_print", "coming_lines",
    "coming_next", "consultation_results", "contact", "contact_classes", "contact_of", "contact_to_change",
    "count_waiting_messages",
    "digest_facts", "extra_lessons", "family_choices", "family_hash", "has_class", "is_gated", "is_secondary", "join_offer",
    "known_hashes", "live_module", "may_go", "missing_entries", "newest_policy", "offer_of_consent", "open_classes",
    "open_consultation", "plan_by_hand", "plan_digests", "policy_content", "prompt_lines", "prompt_lists", "recently_asked",
    "replies_of", "sent_notice", "sent_notices", "sex_education_in", "tally_facts", "told_by_hand", "translations",
    "troubled_prompts", "viewed_modules", "viewing_figures", "viewing_log", "waiting_messages", "waiting_prompts",
    "ways_to_get_help",
]  # fmt: skip
