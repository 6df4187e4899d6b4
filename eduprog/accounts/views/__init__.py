"""Pages of accounts: signing in, staff, the own account, and the pages of the installation itself."""

from eduprog.accounts.views import account, context, join, pages, provider_settings, providers, second_factor, sign_in, staff
from eduprog.accounts.views.blueprint import blueprint
from eduprog.accounts.views.door import load_signed_in

__all__ = [
    "account", "blueprint", "context", "join", "load_signed_in", "pages", "provider_settings", "providers", "second_factor",
    "sign_in", "staff",
]  # fmt: skip
