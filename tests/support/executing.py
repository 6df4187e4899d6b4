"""What something typed could become where it is shown: an element, a script, a header, a formula, a link that runs."""

from __future__ import annotations

import csv
import email
import io
import re
from collections.abc import Iterator
from email import policy

import html5lib
import openpyxl
import pypdf
from werkzeug.test import TestResponse

from tests.support.planting import unpacked

MARK = "zqx"
_RUNS = re.compile(r"^\s*(javascript|vbscript|data):", re.IGNORECASE)
_TARGETS = ("href", "src", "action", "formaction", "data", "srcset", "background", "poster", "{http://www.w3.org/1999/xlink}href")
_HOLDERS = ("script", "style", "iframe", "object", "embed", "base", "meta", "link", "svg", "math")
_STARTS = ("=", "+", "-", "@", "\t", "\r")
_ONLY_ONCE = ("to", "from", "subject", "date", "message-id")
_PDF_RUNS = re.compile(rb"/(JavaScript|JS|Launch)\b")


def faults_of(answer: TestResponse) -> list[str]:
    """Give what an answer would run, whatever kind of content it is."""
    content, kind = answer.get_data(), answer.mimetype
    found = [f"header {name}: {value}" for name, value in answer.headers if MARK in name or name.lower() in ("bcc", "set-bcc")]
    if kind == "text/html":
        return found + list(_in_html(answer.get_data(as_text=True)))
    if kind == "text/csv":
        return found + list(_in_csv(answer.get_data(as_text=True)))
    if kind == "text/calendar":
        return found + list(_in_calendar(answer.get_data(as_text=True)))
    return found + list(_in_file(content))


def _in_html(text: str) -> Iterator[str]:
    for element in html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False).iter():
        tag = element.tag if isinstance(element.tag, str) else ""
        if MARK in tag or (tag in _HOLDERS and MARK in f"{element.text} {element.attrib}"):
            yield f"element <{tag}>"
        for name, value in element.attrib.items():
            if str(name).startswith("on") or MARK in str(name):
                yield f"attribute {name} of <{tag}>"
            if name in _TARGETS and (_RUNS.match(value) or (tag == "img" and "evil" in value)):
                yield f"{name} of <{tag}> is {value[:60]}"


def _in_csv(text: str) -> Iterator[str]:
    for row in csv.reader(io.StringIO(text)):
        yield from (f"cell {cell[:60]}" for cell in row if cell.startswith(_STARTS) and MARK in cell)


def _in_calendar(text: str) -> Iterator[str]:
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        if line and not re.match(r"[A-Z-]+[;:]", line):
            yield f"line {line[:60]}"
        if re.match(r"(ATTACH|URL|BCC|ORGANIZER)", line) and MARK in line:
            yield f"line {line[:60]}"


def _in_file(content: bytes) -> Iterator[str]:
    if content[:5] == b"%PDF-":
        yield from _in_pdf(content)
    elif content[:4] == b"PK\x03\x04":
        if b"xl/workbook.xml" in content:
            yield from _in_workbook(content)
        for part in unpacked(content):
            for target in re.findall(rb'Target="([^"]*)"', part):
                if b"javascript" in target.lower():
                    yield f"target {target[:60]!r}"


def _in_pdf(content: bytes) -> Iterator[str]:
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        notes = [str(note.get_object()) for note in page.get("/Annots", [])]
        yield from (f"link {note[:80]}" for note in notes if "javascript:" in note.lower())
    if _PDF_RUNS.search(content):
        yield "a script in a PDF"


def _in_workbook(content: bytes) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            yield from (f"formula {cell.value}" for cell in row if cell.data_type == "f" or cell.hyperlink)


def faults_of_mail(content: bytes) -> list[str]:
    """Give what a mail would run, and what of its headers is not ours."""
    mail = email.message_from_bytes(content, policy=policy.default)
    names = [name.lower() for name in mail]
    found = [f"{name} {names.count(name)} times" for name in _ONLY_ONCE if names.count(name) != 1]
    found += [f"header {name}" for name in names if name in ("bcc", "cc") or MARK in name]
    found += [f"defect {defect}" for part in mail.walk() for defect in part.defects]
    if len(str(mail["To"]).split(",")) != 1:
        found.append(f"to {mail['To']}")
    body = mail.get_body(("html",))
    return found + (list(_in_html(body.get_content())) if body is not None else [])
