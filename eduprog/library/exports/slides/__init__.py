"""A lesson's slides as a file for presentation programs: real layouts, what to say in the notes, a school's name."""

from eduprog.library.exports.slides.lesson_slides import SLIDES_TYPE, lesson_slides

__all__ = ["SLIDES_TYPE", "lesson_slides"]
