"""How slides in a file look: 16 by 9, our colours, and the four layouts a lesson needs, so that a school can go on with them."""

from __future__ import annotations

import copy
from typing import Any

LETTERS = "Arial"  # on every machine; our own font would be replaced by any other, wider one
INK, PLUM, TEAL, SAND = "2A2233", "5D2A5B", "0B5D5E", "F3EADC"
POINTS = {"large": 36, "medium": 27, "small": 20}
TITLE_LAYOUT, WORDS_LAYOUT, END_LAYOUT = "Title Slide", "Title and Content", "Section Header"
_KEPT = (TITLE_LAYOUT, WORDS_LAYOUT, END_LAYOUT, "Title Only")
_WIDE, _HIGH = 12192000, 6858000  # a slide in the unit of the format, 914,400 to an inch
_LEFT, _ACROSS = 640000, 10912000
# Where each kind of placeholder stands in every layout: left, top, width, height.
_TITLE = (_LEFT, 420000, _ACROSS, 900000)
_WORDS = (_LEFT, 1400000, _ACROSS, 4780000)
_PLACES = {
    TITLE_LAYOUT: {"ctrTitle": (_LEFT, 1500000, _ACROSS, 1500000), "subTitle": (_LEFT, 3150000, _ACROSS, 2400000)},
    WORDS_LAYOUT: {"title": _TITLE, "obj": _WORDS},
    END_LAYOUT: {"title": (_LEFT, 2100000, _ACROSS, 1200000), "body": (_LEFT, 3400000, _ACROSS, 1800000)},
    "Title Only": {"title": _TITLE},
    "": {"title": _TITLE, "body": _WORDS},
}
_FOOT = {"ftr": (_LEFT, 6330000, 9200000, 330000), "sldNum": (10952000, 6330000, 600000, 330000)}


def blank() -> Any:
    """Give an empty presentation in our look."""
    from pptx import Presentation  # noqa: PLC0415 - large, and few processes make slides

    made: Any = Presentation()
    made.slide_width, made.slide_height = _WIDE, _HIGH
    master = made.slide_masters[0]
    for layout in list(master.slide_layouts):
        if layout.name not in _KEPT:
            master.slide_layouts.remove(layout)
    _recolour(master)
    _place(master, _PLACES[""])
    _style_master(master)
    for layout in master.slide_layouts:
        _place(layout, _PLACES[layout.name])
        _style_layout(layout)
    return made


def layout_of(made: Any, name: str) -> Any:
    """Give a layout by its name."""
    return next(layout for layout in made.slide_layouts if layout.name == name)


def add_foot(slide: Any, words: str) -> None:
    """Put the foot on a slide: some words and its number, as the layout has them."""
    for held in slide.slide_layout.placeholders:
        kind = _kind(held)
        if kind in _FOOT:
            slide.shapes._spTree.append(copy.deepcopy(held._element))
    for shape in slide.placeholders:
        if _kind(shape) == "ftr":
            shape.text_frame.text = words


def _kind(shape: Any) -> str:
    held = shape._element.xpath(".//p:nvPr/p:ph")
    return str(held[0].get("type", "obj")) if held else ""


def _place(holder: Any, places: dict[str, tuple[int, int, int, int]]) -> None:
    for shape in list(holder.placeholders):
        kind = _kind(shape)
        if kind == "dt":
            shape._element.getparent().remove(shape._element)
        elif (place := {**_FOOT, **places}.get(kind)) is not None:
            shape.left, shape.top, shape.width, shape.height = place


def _recolour(master: Any) -> None:
    """Give the presentation our letters and colours, so that what a school adds looks the same."""
    from pptx.opc.oxml import serialize_part_xml  # noqa: PLC0415 - as above
    from pptx.oxml import parse_xml  # noqa: PLC0415 - as above

    part = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    colours: Any = parse_xml(part.blob)
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    for face in colours.iterfind(".//a:fontScheme/*/a:latin", space):
        face.set("typeface", LETTERS)
    for name, colour in {"dk1": INK, "dk2": PLUM, "lt2": SAND, "accent1": TEAL, "accent2": PLUM, "hlink": TEAL}.items():
        slot = colours.find(f".//a:clrScheme/a:{name}", space)
        for old in list(slot):
            slot.remove(old)
        slot.append(slot.makeelement(f"{{{space['a']}}}srgbClr", {"val": colour}))
    part._blob = serialize_part_xml(colours)


def _style_master(master: Any) -> None:
    """Titles plum and to the left; words without bullets, which only lists have."""
    styles = master._element.find(".//{*}txStyles")
    for style, points, bold in (("titleStyle", 34, "1"), ("bodyStyle", POINTS["medium"], "0")):
        for level in styles.find(f"{{*}}{style}"):
            if not level.tag.endswith("pPr"):
                continue
            level.set("algn", "l")
            level.set("marL", "0")
            level.set("indent", "0")
            _no_bullet(level)
            run = level.find("{*}defRPr")
            run.set("sz", str(points * 100))
            run.set("b", bold)
    title = styles.find("{*}titleStyle/{*}lvl1pPr/{*}defRPr/{*}solidFill/{*}schemeClr")
    title.set("val", "tx2")
    for shape in master.placeholders:
        frame = shape._element.find(".//{*}bodyPr")
        frame.set("anchor", "b" if _kind(shape) == "title" else "ctr" if _kind(shape) in _FOOT else "t")
        for tag in ("normAutofit", "spAutoFit"):
            for held in frame.findall(f"{{*}}{tag}"):
                frame.remove(held)


def _style_layout(layout: Any) -> None:
    for shape in layout.placeholders:
        if _kind(shape) in _FOOT:
            continue
        for level in shape._element.findall(".//{*}lstStyle/*"):
            level.getparent().remove(level)
        frame = shape._element.find(".//{*}bodyPr")
        if frame is not None:
            for held in list(frame):
                frame.remove(held)
            frame.set("anchor", "b" if _kind(shape) in ("title", "ctrTitle") else "t")


def _no_bullet(level: Any) -> None:
    for held in list(level):
        if held.tag.rsplit("}", 1)[-1].startswith("bu"):
            level.remove(held)
    none = level.makeelement("{http://schemas.openxmlformats.org/drawingml/2006/main}buNone", {})
    before = level.find("{*}defRPr")
    before.addprevious(none)
