"""A question and the sentences found in, how likely each of them answers it out. Knows no answer, no snapshot and no HTTP."""
