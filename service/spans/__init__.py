"""A question and passages in, ranked candidate answers with probabilities out. Knows no snapshot and no HTTP."""
