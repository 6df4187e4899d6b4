"""Conditions of sensitive lessons as recorded decisions, and the safeguarding lead's pause."""
