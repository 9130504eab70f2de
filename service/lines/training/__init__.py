"""Text, asked questions and self-made ones in, a trained line model out. Nothing of it is needed to answer."""
