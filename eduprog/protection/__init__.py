"""Data protection: how long each kind of row is kept, what is held about a person, and how it is given and erased."""
