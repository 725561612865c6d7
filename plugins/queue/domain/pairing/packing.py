"""A wave as arrays: what the matching reads, and what is quickly sent to another process."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugins.queue.domain.pairing.candidates import (
    MOST,
    Candidate,
    Choice,
    Pairing,
    Rule,
    Seat,
    Window,
)

__all__ = ["Int32", "Int64", "PackedWave", "WavePacker"]

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

HEADER = struct.Struct("<IIB")
"""How many entries, how many choices, whether only different groups may meet."""


@dataclass(frozen=True, slots=True, eq=False)
class PackedWave:
    """The entries by rising id, and their choices in the same order.

    Attributes:
        player: of each entry, the player's id.
        waves: of each entry, how many it has waited.
        window: of each entry, the widest gap it accepts, in points.
        owner: of each choice, the number of its entry here; never falls.
        group: of each choice, a number for its group.
        rating: of each choice, in points.
        cross: whether only different groups may meet.
    """

    player: Int64
    waves: Int32
    window: Int32
    owner: Int32
    group: Int32
    rating: Int32
    cross: bool

    def to_bytes(self) -> bytes:
        """As it is sent to another process."""
        arrays = (self.player, self.waves, self.window, self.owner, self.group, self.rating)
        header = HEADER.pack(len(self.player), len(self.owner), self.cross)
        return header + b"".join(array.tobytes() for array in arrays)

    @classmethod
    def from_bytes(cls, sent: bytes) -> PackedWave:
        """As it was sent."""
        entries, choices, cross = HEADER.unpack_from(sent)
        at = HEADER.size
        player = np.frombuffer(sent, np.int64, entries, at)
        at += player.nbytes
        rest = np.frombuffer(sent, np.int32, 2 * entries + 3 * choices, at)
        cuts = [entries, 2 * entries, 2 * entries + choices, 2 * entries + 2 * choices]
        waves, window, owner, group, rating = np.split(rest, cuts)
        return cls(player, waves, window, owner, group, rating, bool(cross))


class WavePacker:
    """Packs candidates, a few at a time if that is wanted, and unpacks the pairs found."""

    def __init__(self, window: Window, rule: Rule) -> None:
        self._window = window
        self._rule = rule
        self._candidates: list[Candidate] = []
        self._choices: list[Choice] = []
        self._owner: list[int] = []
        self._groups: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._candidates)

    def add(self, candidates: Iterable[Candidate]) -> None:
        """Add candidates, by rising entry id.

        Raises:
            ValueError: when one has no choice, or does not come after the last.
        """
        for candidate in candidates:
            entry_id = candidate.entry_id
            if not candidate.choices:
                raise ValueError(f"queue entry {entry_id} has no faction to play")
            if self._candidates and entry_id <= self._candidates[-1].entry_id:
                raise ValueError(f"queue entry {entry_id} is there twice, or out of order")
            self._owner += [len(self._candidates)] * len(candidate.choices)
            self._candidates.append(candidate)
            self._choices += candidate.choices

    def packed(self) -> PackedWave:
        """The candidates added so far."""
        groups = self._groups
        waves = np.array([min(c.waves, MOST) for c in self._candidates], np.int64)
        base, growth = (
            min(points, 2 * MOST) for points in (self._window.base, self._window.growth)
        )
        return PackedWave(
            player=np.array([c.player_id for c in self._candidates], np.int64),
            waves=waves.astype(np.int32),
            window=np.minimum(base + growth * waves, 2 * MOST).astype(np.int32),
            owner=np.array(self._owner, np.int32),
            group=np.array(
                [groups.setdefault(c.group, len(groups)) for c in self._choices], np.int32
            ),
            rating=np.array([max(-MOST, min(c.rating, MOST)) for c in self._choices], np.int32),
            cross=self._rule is Rule.CROSS,
        )

    def unpack(self, pairs: Int32) -> list[Pairing]:
        """The pairings that pairs of choices stand for."""
        return [Pairing(self._seat(one), self._seat(other)) for one, other in pairs.tolist()]

    def _seat(self, choice: int) -> Seat:
        return Seat(self._candidates[self._owner[choice]], self._choices[choice])
