"""Room for calls within calls, taken once.

Python keeps what a call works with in pieces of 16 kB, some fifty calls each. A call that finds no room in the last
piece asks the system for another, and gives it back when it returns; so a loop that stands at the end of a piece asks
and gives back at each turn. A page is a hundred calls deep, and does so a thousand times; docs/performance.md says what
that takes.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, Final, TypeVar, cast

Call = TypeVar("Call", bound=Callable[..., Any])

# In words of eight bytes. With it a piece is one MB, of which half is left: more than a thousand calls of the usual
# size take, and Python allows no more. Memory is taken only by what is written to.
ROOM: Final = 65_536


def with_room(call: Call) -> Call:
    """The same, in a piece of its own in which all that it calls has room."""

    def in_its_room(*args: Any, **kwargs: Any) -> Any:
        return call(*args, **kwargs)

    # Python asks for as much as the function says that it may need, in powers of two.
    own: FunctionType = in_its_room  # type: ignore[assignment]  # mypy knows no more than that it can be called
    own.__code__ = own.__code__.replace(co_stacksize=ROOM)
    return cast("Call", own)
