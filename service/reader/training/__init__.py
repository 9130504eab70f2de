"""How a reader is trained from random weights: masked tokens first, then questions. Text in, a model folder out."""
