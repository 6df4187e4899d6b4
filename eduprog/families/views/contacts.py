"""Bring in contacts: a table, a look at the counts, and only then anything happens."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.families import importers, queries
from eduprog.families.forms import ContactsForm
from eduprog.families.views.blueprint import blueprint
from eduprog.school.importers import FileRefused, Finding, Upload
from eduprog.web.guards import current_actor, requires


@blueprint.get("/families/contacts/new")
@requires(Permission.MANAGE_SCHOOL)
def new_contacts() -> str:
    """Ask for a table of addresses. For the school admin."""
    return _upload_page(ContactsForm(formdata=None))


@blueprint.post("/families/contacts")
@requires(Permission.MANAGE_SCHOOL)
def start_contacts() -> str | tuple[str, int]:
    """Read a table and show what would happen. For the school admin."""
    form = ContactsForm()
    if not form.validate_on_submit():
        return _upload_page(form), 422
    sent = form.table.data
    classes = {group.name: group.id for group in queries.open_classes(clock.today())}
    try:
        table = importers.read_contacts(Upload(sent.filename or "", sent.stream.read()), classes)
    except FileRefused as refused:
        form.table.errors = [refused.sentence]
        return _upload_page(form), 422
    with transaction():
        import_id = importers.start_contacts(table=table, basis=form.chosen(), by=current_actor(), now=clock.now()).id
    return _preview_page(import_id, table.findings)


@blueprint.get("/families/contacts/<int:contact_import_id>")
@requires(Permission.MANAGE_SCHOOL)
def preview_contacts(contact_import_id: int) -> str:
    """Show what bringing contacts in would do, or did, in counts. For the school admin."""
    return _preview_page(contact_import_id, ())


@blueprint.post("/families/contacts/<int:contact_import_id>/apply")
@requires(Permission.MANAGE_SCHOOL)
def apply_contacts(contact_import_id: int) -> Response:
    """Ask or join the contacts that were looked at. For the school admin."""
    with transaction():
        importers.apply_contacts(import_id=contact_import_id, by=current_actor(), now=clock.now())
    flash("The addresses are brought in.", "success")
    return redirect(url_for(".preview_contacts", contact_import_id=contact_import_id))


@blueprint.post("/families/contacts/<int:contact_import_id>/drop")
@requires(Permission.MANAGE_SCHOOL)
def drop_contacts(contact_import_id: int) -> Response:
    """Forget what was read. For the school admin."""
    with transaction():
        importers.drop_contacts(import_id=contact_import_id, by=current_actor(), now=clock.now())
    flash("Nothing was brought in, and the addresses are forgotten.", "success")
    return redirect(url_for(".new_contacts"))


def _upload_page(form: ContactsForm) -> str:
    return render_template("families/contacts-new.html", form=form)


def _preview_page(import_id: int, findings: tuple[Finding, ...]) -> str:
    return render_template("families/contacts.html", found=importers.contact_preview(import_id), findings=findings)
