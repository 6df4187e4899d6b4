"""The shape of what people type to sign in, to invite and to be invited."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovPasswordInput,
    GovSubmitInput,
    GovTextInput,
)
from wtforms.fields import BooleanField, EmailField, PasswordField, SelectMultipleField, StringField, SubmitField
from wtforms.validators import Email, InputRequired, Length, ValidationError

from eduprog.accounts.rules import weakness
from eduprog.core.permissions import SCHOOL_ROLES, Role
from eduprog.web.forms import Form


def _stripped(typed: str | None) -> str | None:
    return typed.strip() if typed else typed


def _new_password() -> PasswordField:
    return PasswordField(
        "New password",
        widget=GovPasswordInput(),
        description="At least 8 characters. Three unusual words together are good and easy to remember.",
        validators=[InputRequired("Enter a password")],
    )


def _roles() -> SelectMultipleField:
    return SelectMultipleField(
        "What are they here?",
        widget=GovCheckboxesInput(),
        choices={role.value: role.label for role in SCHOOL_ROLES},
        validators=[InputRequired("Choose at least one role")],
    )


class SignInForm(Form):
    """Email and password."""

    email = EmailField(
        "Email address", widget=GovTextInput(), validators=[InputRequired("Enter your email address"), Length(max=254)]
    )
    password = PasswordField("Password", widget=GovPasswordInput(), validators=[InputRequired("Enter your password")])
    shared = BooleanField("Other people use this computer", widget=GovCheckboxInput())
    submit = SubmitField("Sign in", widget=GovSubmitInput())


class CodeForm(Form):
    """The code of the second step."""

    code = StringField(
        "Code",
        widget=GovTextInput(),
        description="Six digits from your authenticator app, or one of your recovery codes.",
        filters=[_stripped],
        validators=[InputRequired("Enter the code"), Length(max=30, message="That is too long for a code")],
    )
    submit = SubmitField("Go on", widget=GovSubmitInput())


class ProofForm(Form):
    """The password once more, before something that cannot be taken back easily."""

    password = PasswordField("Your password", widget=GovPasswordInput(), validators=[InputRequired("Enter your password")])
    submit = SubmitField("Go on", widget=GovSubmitInput())


class EmailForm(Form):
    """An address to send a link to."""

    email = EmailField(
        "Email address",
        widget=GovTextInput(),
        filters=[_stripped],
        validators=[InputRequired("Enter your email address"), Email("Enter an email address like name@school.example")],
    )
    submit = SubmitField("Send the link", widget=GovSubmitInput())


class NewPasswordForm(Form):
    """A new password, weighed against names that are easy to guess."""

    password = _new_password()
    submit = SubmitField("Save password", widget=GovSubmitInput())

    def __init__(self, *args: Any, own_words: tuple[str, ...] = (), **kwargs: Any) -> None:
        self._own_words = own_words
        super().__init__(*args, **kwargs)

    def validate_password(self, field: PasswordField) -> None:
        """Refuse what is easy to guess, with the reason."""
        found = weakness(field.data or "", self._own_words)
        if found:
            raise ValidationError(found)


class ChangePasswordForm(NewPasswordForm):
    """The password of now and the one to come."""

    old_password = PasswordField(
        "Password now", widget=GovPasswordInput(), validators=[InputRequired("Enter the password you have now")]
    )
    password = _new_password()


class KnownPasswordForm(Form):
    """The password of somebody who has an account already."""

    password = PasswordField("Your password", widget=GovPasswordInput(), validators=[InputRequired("Enter your password")])
    submit = SubmitField("Join", widget=GovSubmitInput())


class RolesForm(Form):
    """What somebody is in this school."""

    roles = _roles()
    submit = SubmitField("Save roles", widget=GovSubmitInput())

    def chosen(self) -> list[Role]:
        """Give the roles ticked."""
        return [Role(value) for value in self.roles.data or ()]


class InviteForm(RolesForm):
    """Who to invite, as what."""

    name = StringField(
        "Full name",
        widget=GovTextInput(),
        filters=[_stripped],
        validators=[InputRequired("Enter their name"), Length(max=120, message="Name must be 120 characters or fewer")],
    )
    email = EmailField(
        "Work email address",
        widget=GovTextInput(),
        filters=[_stripped],
        validators=[InputRequired("Enter their email address"), Email("Enter an email address like name@school.example")],
    )
    roles = _roles()
    submit = SubmitField("Send invitation", widget=GovSubmitInput())

    def invitation(self) -> dict[str, Any]:
        """Give name, email and roles, ready for the action."""
        return {"name": self.name.data or "", "email": self.email.data or "", "roles": self.chosen()}
