"""The exceptions of this package, and nothing else.

EncoderError                    anything that keeps text from becoming vectors
├── ModelNotFoundError          no such folder, and no such model in the offline cache
├── ModelBrokenError            the folder is there, its files cannot be used
├── EndpointError               an embeddings endpoint refuses, fails, or sends what cannot be used
└── EncoderMismatchError        a snapshot was encoded with another encoder than the one at hand
"""

from __future__ import annotations


class EncoderError(Exception):
    """Base of every error raised here; the message says what, which, and what to do."""


class ModelNotFoundError(EncoderError):
    """The named model is neither a folder nor in the local cache of the model hub."""


class ModelBrokenError(EncoderError):
    """The model's files are incomplete, damaged, or of a kind this package cannot read."""


class EndpointError(EncoderError):
    """An embeddings endpoint cannot be reached, refuses, or sends what cannot be used."""


class EncoderMismatchError(EncoderError):
    """Vectors of two different encoders would be compared with each other."""
