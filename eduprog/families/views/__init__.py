"""Pages about families for staff, and pages for families themselves behind a class code or a signed link."""

from eduprog.families.views import (
    contacts,
    home,
    joining,
    leaving,
    notices,
    overview,
    printing,
    prompts,
    sender,
    viewing,
    viewing_desk,
)
from eduprog.families.views.blueprint import blueprint

__all__ = [
    "blueprint", "contacts", "home", "joining", "leaving", "notices", "overview", "printing", "prompts", "sender", "viewing",
    "viewing_desk",
]  # fmt: skip
