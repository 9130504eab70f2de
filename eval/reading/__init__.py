"""How well and how fast sources are read: the structure of two magazine issues, fuzzing, speed."""
