"""The passages of a snapshot in Milvus, for collections and traffic that one machine cannot carry.

Milvus holds what a search reads: vectors, term weights and what filters ask for. Texts, terms and ids stay in the
snapshot, which every replica of the service opens too; so an answer is always of one version, whoever loads meanwhile.
"""

from typing import Literal

DenseKind = Literal["FLAT", "HNSW", "IVF_SQ8"]
"""Kinds of index for the vectors; FLAT is exact."""
