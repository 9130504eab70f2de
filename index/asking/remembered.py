"""A method in, the same with its last results remembered out. Does not keep the method's object alive."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar
from weakref import WeakMethod

Given = TypeVar("Given")
Result = TypeVar("Result")


def remembered(method: Callable[[Given], Result], most: int) -> Callable[[Given], Result]:
    """For an attribute of the object itself: with `lru_cache` alone the two would hold each other, and what the object has
    open would stay so until the cyclic collector comes by.
    """
    weak = WeakMethod(method)

    def call(given: Given) -> Result:
        bound = weak()
        if bound is None:
            raise ReferenceError("what remembers is gone")
        return bound(given)

    return lru_cache(maxsize=most)(call)
