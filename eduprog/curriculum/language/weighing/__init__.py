"""Weighing a sentence: what the reading rules do not know by its wording is judged by the ideas and words it is made of."""

from __future__ import annotations

from eduprog.curriculum.language.weighing.weights import Advice, Weights, load_weights

__all__ = ["Advice", "Weights", "load_weights"]
