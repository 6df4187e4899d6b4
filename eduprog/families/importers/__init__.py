"""Contacts that a school brings in from a table, where it has a basis to write to them."""

from eduprog.families.importers.contacts import (
    ContactPreview,
    NothingWaits,
    apply_contacts,
    contact_preview,
    drop_contacts,
    drop_forgotten,
    start_contacts,
)
from eduprog.families.importers.table import ContactLine, ContactTable, read_contacts

__all__ = [
    "ContactLine", "ContactPreview", "ContactTable", "NothingWaits", "apply_contacts", "contact_preview", "drop_contacts",
    "drop_forgotten", "read_contacts", "start_contacts",
]  # fmt: skip
