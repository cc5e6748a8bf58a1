"""Waiting that ends early: for the loops that must stop, or be woken, in the middle of a rest."""

import asyncio


async def first_of(*events: asyncio.Event, seconds: float) -> None:
    """Returns when one of the events is set, or after so many seconds."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
