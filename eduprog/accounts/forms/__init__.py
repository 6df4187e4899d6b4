"""The shape of what people type to sign in, to invite and to be invited, and of where else they sign in."""

from eduprog.accounts.forms.people import (
    ChangePasswordForm,
    CodeForm,
    EmailForm,
    InviteForm,
    KnownPasswordForm,
    NewPasswordForm,
    ProofForm,
    RolesForm,
    SignInForm,
)
from eduprog.accounts.forms.providers import AnswerForm, ProviderForm

__all__ = [
    "AnswerForm", "ChangePasswordForm", "CodeForm", "EmailForm", "InviteForm", "KnownPasswordForm", "NewPasswordForm",
    "ProofForm", "ProviderForm", "RolesForm", "SignInForm",
]  # fmt: skip
