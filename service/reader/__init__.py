"""A question and passages in, the stretches of them that answer it out, read by a transformer. Knows no snapshot."""
