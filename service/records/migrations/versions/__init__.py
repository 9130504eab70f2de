"""One step each; a released step is never changed, only followed by another."""
