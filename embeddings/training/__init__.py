"""Text in, a trained static encoder out. `recipe.py` is the way through; nothing that answers questions imports it."""
