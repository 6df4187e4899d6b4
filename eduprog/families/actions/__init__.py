"""Writes about parents and carers: prompts, joining, digests, leaving."""

from eduprog.families.actions.prompts import queue_prompt, stop_prompt

__all__ = ["queue_prompt", "stop_prompt"]
