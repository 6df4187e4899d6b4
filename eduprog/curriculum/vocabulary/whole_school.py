"""What a school does beyond lessons: the seven aspects of a whole-school approach and the kinds of acts."""

from __future__ import annotations

from enum import StrEnum


class Aspect(StrEnum):
    """One of the seven aspects of a whole-school approach; every act serves one first."""

    POLICY = "policy"
    STAFF = "staff"
    PARENTS = "parents"
    COMMUNITY = "community"
    SETTING = "setting"
    PUPILS = "pupils"
    EVALUATION = "evaluation"


class ActForm(StrEnum):
    """How the text of an act is built: a timed session, a kit of steps, or the three doors of a poster or card."""

    SESSION = "session"
    KIT = "kit"
    HELP = "help"


class ActKind(StrEnum):
    """What sort of act it is."""

    STAFF_BRIEFING = "staff-briefing"
    PARENT_SESSION = "parent-session"
    ASSEMBLY = "assembly"
    HOTSPOT_WALK = "hotspot-walk"
    PUPIL_CAMPAIGN = "pupil-campaign"
    POLICY_REVIEW = "policy-review"
    CONSULTATION = "consultation"
    PARTNER_VISIT = "partner-visit"
    EVALUATION = "evaluation"
    HELP_POSTER = "help-poster"
    POCKET_CARD = "pocket-card"
    CLOSED_GUIDE = "closed-guide"
    CLOSED_SESSION = "closed-session"

    @property
    def form(self) -> ActForm:
        """Return how the text of this kind is built."""
        return _FORMS.get(self, ActForm.KIT)

    @property
    def is_closed(self) -> bool:
        """Return whether acts of this kind stay shut until head and safeguarding lead have signed them off."""
        return self in (ActKind.CLOSED_GUIDE, ActKind.CLOSED_SESSION)


_FORMS = {
    ActKind.STAFF_BRIEFING: ActForm.SESSION,
    ActKind.PARENT_SESSION: ActForm.SESSION,
    ActKind.ASSEMBLY: ActForm.SESSION,
    ActKind.CLOSED_SESSION: ActForm.SESSION,
    ActKind.HELP_POSTER: ActForm.HELP,
    ActKind.POCKET_CARD: ActForm.HELP,
}


class ActAudience(StrEnum):
    """For whom an act is held or printed."""

    PUPILS = "pupils"
    PARENTS = "parents"
    STAFF = "staff"
    PARTNERS = "partners"


class Rhythm(StrEnum):
    """How often a school does an act again."""

    TERMLY = "termly"
    YEARLY = "yearly"
    EVERY_TWO_YEARS = "every-two-years"
    WHEN_NEEDED = "when-needed"
