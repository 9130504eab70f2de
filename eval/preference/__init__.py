"""How the model of preference is trained and measured."""
