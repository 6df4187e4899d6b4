"""Tables of parents and carers, their consent, what they were sent and could see, and what the school sent to all."""

from eduprog.families.models.contacts import ConsentRecord, ContactImport, JoinCode, ParentCarer, ParentCarerClass
from eduprog.families.models.notices import SentNotice
from eduprog.families.models.prompts import (
    FamilyChoices,
    FamilyDigest,
    FamilyDigestPrompt,
    ParentPrompt,
    PromptAnswer,
)
from eduprog.families.models.viewing import Consultation, ConsultationAnswer, PolicyDocument, ViewingCount, ViewingEntry

__all__ = [
    "ConsentRecord", "Consultation", "ConsultationAnswer", "ContactImport", "FamilyChoices", "FamilyDigest",
    "FamilyDigestPrompt", "JoinCode", "ParentCarer", "ParentCarerClass", "ParentPrompt", "PolicyDocument", "PromptAnswer",
    "SentNotice", "ViewingCount", "ViewingEntry",
]  # fmt: skip
