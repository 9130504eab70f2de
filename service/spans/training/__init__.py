"""Text and asked questions in, a trained span model out. `recipe.py` is the way through; no answering imports it."""
