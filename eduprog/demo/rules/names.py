"""Ordinary names of people who work in British schools, each used once."""

from __future__ import annotations

import random
import re
import unicodedata

_FIRST = """
Hannah Mark Priya Tom Aisha Daniel Grace Owen Fatima James Rachel Kwame Sophie Imran Megan Callum Nia Joseph Emily Tariq Laura
Ben Chloe Samuel Zainab Michael Bethany Rajesh Ellen Adam Sian Marcus Katie Hassan Lucy Patrick Amara Stephen Rosie Dev
Victoria Luke Shreya Gareth Naomi Andrew Yasmin Peter Isobel Femi Claire Jack Mei Robert Hollie Anil Julie Ryan Aoife Matthew
Deborah Leon Sadia Christopher Alice Wei Helen Jamie Sunita Neil Charlotte Kofi Rebecca Alan Maryam Simon Georgia Ivan Ruth
Ollie Tanya Finlay Kavita Edward Bronwen Jerome Anna Karim Eleanor Paul Comfort Nathan Jasmine Hugh Leila Connor Margaret Ravi
Erin Dominic
"""
_LAST = """
Ali Osei Patel Hughes Walker Ahmed Murphy Davies Okafor Thompson Begum Wright Evans Khan Clarke Nowak Singh Roberts Green
Mensah Hall Iqbal Wood Campbell Sharma Baker Kelly Adeyemi Turner Chowdhury Cooper Morgan Hussain Ward Bailey Kaur Hill
Stewart Rahman Price Bennett Mohamed Gray Fraser Das Watson Brooks Joseph Shah Kennedy Mills Boateng Reid Palmer Fernandes
Dixon Griffiths Malik Harvey Obi Ellis Chan Rogers Hunt Mistry Barker Doyle Akhtar Pearce Lloyd Francis Wilkinson Gill Shaw
Asante Carr Nair Holmes Spencer Kowalska Webb Bibi Jarvis Sutton Menon Rowe Aziz Parry Lambert Quinn Desai Foster Byrne Yusuf
Lane Hodgson Mbeki Cross Rao Stone
"""


class NamePool:
    """Gives names in an order that the seed decides, none twice."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self._used: set[str] = set()
        self._first: list[str] = []
        self._last: list[str] = []

    def draw(self) -> str:
        """Give a name nobody here has. First and last names come round evenly."""
        while True:
            name = f"{self._next(self._first, _FIRST)} {self._next(self._last, _LAST)}"
            if name not in self._used:
                self._used.add(name)
                return name

    def _next(self, deck: list[str], names: str) -> str:
        if not deck:
            deck.extend(names.split())
            self._random.shuffle(deck)
        return deck.pop()


def mailbox(name: str) -> str:
    """Give the part of a mail address that a name makes: "sian.parry"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]+", ".", plain).strip(".")
