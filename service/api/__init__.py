"""HTTP: the pipeline as routes, one error shape, metrics, and the chat page."""
