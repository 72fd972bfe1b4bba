"""What one can do with a room, checked: open it, take a seat, tell what the seat shows, and lead.

A room is opened by whoever leads it, who gets its code and a secret. A seat has a secret, too, with which its browser
comes back to it. What a seat shows is a kilobyte of settings, from which everybody can train the same run again.
"""

import json
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from . import names
from .doors import Doors, refusals
from .seats import Key, OnShow, RoomError, Seat
from .stage.stage import MAX_OPTION, MAX_OPTIONS, MAX_TEXT, Question, Stage
from .store import MAX_LENGTH

MAX_SEATS = 100
MAX_SOLVED = 40
MAX_ASKED = 20
AWAY = 45.0
"""A seat whose browser has not been heard of for so many seconds is away."""

_OF_SEAT = ("on", "here", "answer")


class Rooms(Doors):
    """The rooms of a store."""

    def open(self, *, own_names: bool = False, network: str = "") -> Key:
        """Open a room for a visitor from this `network`. Raises `RoomError` if there are too many."""
        return self._open({"own_names": own_names, "stage": asdict(Stage())}, {}, network)

    def reopen(self, stage: Stage, seats: Sequence[Seat], asked: Sequence[Question] = (), *, network: str = "") -> Key:
        """Open a room with these seats as they were, in which nobody can sit. Raises `RoomError` like `open`."""
        texts = {_asked(number): json.dumps(asdict(question)) for number, question in enumerate(asked)}
        for seat in seats:
            kept = {"name": seat.name, "number": seat.number, "solved": seat.solved, "rehearsal": seat.rehearsal}
            texts[f"seat:{seat.id}"] = json.dumps({**kept, "key": ""})
            texts[f"here:{seat.id}"] = "inf"
            if seat.show is not None:
                texts[f"on:{seat.id}"] = seat.show.text()
        return self._open({"own_names": False, "closed": True, "stage": asdict(stage)}, texts, network)

    def _open(self, room: Mapping[str, Any], texts: Mapping[str, str], network: str) -> Key:
        self._count_opened(network)
        secret = names.new_secret()
        room = {"leader": names.digest(secret), **room}
        for _ in range(20):
            code = names.new_code()
            with refusals(full="room.too_many"):
                if self.store.create(code, {"room": json.dumps(room), **texts}):
                    return Key(code, secret)
        raise RoomError("room.too_many", "no code is free")

    def join(self, code: str, name: str = "", *, rehearsal: bool = False) -> Key:
        """Take a seat, or a simulated one. Raises `RoomError` for a code that is none, and if no seat is free."""
        with refusals():
            self._guard()
            for _ in range(2 * MAX_SEATS):
                texts = self.store.read(names.read_code(code))
                self._behind(texts)
                key, number, seat = self._new_seat(names.read_code(code), texts, name, rehearsal)
                new = {f"seat:{key.seat}": seat, f"here:{key.seat}": str(self._clock()), number: key.seat}
                if self.store.write(key.code, new, unless=number):  # else somebody else came in first
                    return key
        raise RoomError("room.full", "too many come in at once")

    def door(self, code: str) -> bool:
        """Whether those who come in by this code may type their name. Raises `RoomError` for a code that is none."""
        with refusals():
            self._guard()
            texts = self.store.read(names.read_code(code), "room")
            self._behind(texts)
            return bool(json.loads(texts["room"])["own_names"])

    def _new_seat(self, code: str, texts: Mapping[str, str], name: str, rehearsal: bool) -> tuple[Key, str, str]:
        """The key of a seat beside those of a room, the name of the text that makes sure of its number, and its own."""
        seats = [json.loads(text) for key, text in texts.items() if key.startswith("seat:")]
        if len(seats) >= MAX_SEATS:
            raise RoomError("room.full", f"a room has at most {MAX_SEATS} seats", most=MAX_SEATS)
        own = names.own_name(name) if json.loads(texts["room"])["own_names"] else ""
        key = Key(code, names.new_secret(), secrets.token_hex(6))
        number = 1 + max((seat["number"] for seat in seats), default=0)
        seat = {"name": own or self._free_name(seats), "number": number, "key": names.digest(key.secret)}
        if rehearsal:
            seat["rehearsal"] = True
        return key, f"number:{number}", json.dumps(seat)

    def tell(self, key: Key, show: OnShow, curve: str = "") -> None:
        """Tell the room what a seat shows, and its curve if that is at hand and not too long."""
        self._check(self.is_seat(key))
        self._pace(key)
        texts: dict[str, str | None] = {f"on:{key.seat}": show.text()}
        texts[f"curve:{key.seat}"] = curve if 0 < len(curve) <= MAX_LENGTH else None
        if show.passed and show.lesson:
            texts |= self._seat_with(key, solved=lambda before: [*dict.fromkeys([*before, show.lesson])][-MAX_SOLVED:])
        self._write_seat(key, texts)

    def curves(self, key: Key, seats: Collection[str]) -> dict[str, str]:
        """The curves that these seats have told, for the leader."""
        self._check(self.leads(key))
        found = self._read(key.code, "room", *(f"curve:{seat}" for seat in seats))
        return {name.partition(":")[2]: text for name, text in found.items() if name != "room"}

    def look(self, key: Key, push: str) -> None:
        """Note that a seat looks at this push of the leader, or at none."""
        self._check(self.is_seat(key))
        self._pace(key)
        self._write_seat(key, self._seat_with(key, looks=lambda before: push[:20]))

    def hear(self, key: Key) -> None:
        """Note that the browser of a seat is there, which is news if it was away."""
        self._check(self.is_seat(key))
        here, now = f"here:{key.seat}", self._clock()
        away = now - float(self._read(key.code, here).get(here, 0)) >= AWAY
        self._write_seat(key, {here: str(now)}, quietly=not away)

    def answer(self, key: Key, question: str, option: int) -> None:
        """Answer the leader's question; an answer is final once the others are revealed."""
        self._check(self.is_seat(key))
        self._pace(key)
        asked = self.stage(key.code).question
        if asked is None or asked.id != question or asked.revealed or option not in range(len(asked.options)):
            raise RoomError("room.not_allowed", "this is not asked now")
        self._write_seat(key, {f"answer:{key.seat}": f"{question} {option}"})

    def stage(self, code: str) -> Stage:
        """What the leader shows. Raises `RoomError` for a room that has ended."""
        return Stage.read(self._room(code)["stage"])

    def lead(self, key: Key, **changes: Any) -> Stage:
        """Change what the leader shows, and return it."""
        self._check(self.leads(key))
        self._pace(key)
        room = self._room(key.code)
        stage = Stage.read(room["stage"])
        stage = replace(stage, **changes, turn=stage.turn + 1)
        if "pushed" in changes:
            stage = replace(stage, push=secrets.token_hex(4) if stage.pushed else "")
        self._write(key.code, {"room": json.dumps(room | {"stage": asdict(stage)})})
        return stage

    def ask(self, key: Key, text: str, options: Sequence[str], *, lesson: str = "", right: int | None = None) -> Stage:
        """Ask all seats a question, instead of the one before."""
        text, kept = text.strip(), [option.strip() for option in options if option.strip()]
        if not text or not 2 <= len(kept) <= MAX_OPTIONS:
            raise RoomError("room.question", "a question has two to six options", most=MAX_OPTIONS)
        cut = tuple(option[:MAX_OPTION] for option in kept)
        question = Question(secrets.token_hex(4), text[:MAX_TEXT], cut, lesson=lesson, right=right)
        self._check(self.leads(key))
        if before := [name for name in self._read(key.code) if name.startswith("answer:")]:
            self._write(key.code, dict.fromkeys(before))
        return self.lead(key, question=question)

    def reveal(self, key: Key) -> Stage:
        """Show the answers to everybody; they are final now."""
        asked = self.stage(key.code).question
        if asked is None:
            raise RoomError("room.not_allowed", "nothing is asked now")
        given = self._given(key.code, asked)
        counts = tuple(given.count(option) for option in range(len(asked.options)))
        asked = replace(asked, revealed=True, counts=counts)
        stage, before = self.lead(key, question=asked), self.asked(key.code)
        if len(before) < MAX_ASKED and asked.id not in {one.id for one in before}:
            self._write(key.code, {_asked(len(before)): json.dumps(asdict(asked))})
        return stage

    def asked(self, code: str) -> tuple[Question, ...]:
        """The questions whose answers were revealed so far."""
        texts = self._read(code, *map(_asked, range(MAX_ASKED)))
        return tuple(Question.read(json.loads(texts[name])) for name in sorted(texts))

    def is_closed(self, code: str) -> bool:
        """Whether this room is out of a file."""
        return "closed" in self._room(code)

    def own_names(self, code: str) -> bool:
        """Whether those who come in may type their name."""
        return bool(self._room(code)["own_names"])

    def allow_names(self, key: Key, *, own: bool) -> None:
        """Let those who come in type their name, or give them one."""
        self._check(self.leads(key))
        self._write(key.code, {"room": json.dumps(self._room(key.code) | {"own_names": own})})

    def name(self, key: Key) -> str | tuple[str, str]:
        """How a seat is called."""
        name = json.loads(self._read(key.code, f"seat:{key.seat}").get(f"seat:{key.seat}", '{"name": ""}'))["name"]
        return name if isinstance(name, str) else tuple(name)

    def leave(self, key: Key) -> None:
        """Free one's own seat."""
        self._check(self.is_seat(key))
        self._free(key, key.seat)

    def remove(self, key: Key, seat: str) -> None:
        """Free a seat."""
        self._check(self.leads(key))
        self._free(key, seat)

    def _free(self, key: Key, seat: str) -> None:
        text = self._read(key.code, f"seat:{seat}").get(f"seat:{seat}")
        if text is not None:
            own = [f"{kind}:{seat}" for kind in ("seat", "curve", *_OF_SEAT)]
            self._write(key.code, dict.fromkeys([*own, f"number:{json.loads(text)['number']}"]))

    def seats(self, key: Key, only: Collection[str] | None = None) -> tuple[Seat, ...]:
        """All seats, or those with these ids, for the leader. Answers are there once they are revealed."""
        self._check(self.leads(key))
        ids = only if only is None else [seat for seat in only if replace(key, seat=seat).well_formed]
        if ids is None:
            texts = self._read(key.code)
            ids = [name.partition(":")[2] for name in texts if name.startswith("seat:")]
        else:
            of_seats = [f"{kind}:{seat}" for seat in ids for kind in ("seat", *_OF_SEAT)]
            texts = self._read(key.code, "room", *of_seats)
        self._check("room" in texts)
        asked = Stage.read(json.loads(texts["room"])["stage"]).question
        found = [self._seat(seat, texts, asked) for seat in ids if f"seat:{seat}" in texts]
        return tuple(sorted(found, key=lambda seat: seat.number))

    def _seat(self, seat: str, texts: Mapping[str, str], asked: Question | None) -> Seat:
        taken, show = json.loads(texts[f"seat:{seat}"]), texts.get(f"on:{seat}")
        question, _, option = texts.get(f"answer:{seat}", "").partition(" ")
        return Seat(
            seat,
            taken["name"] if isinstance(taken["name"], str) else tuple(taken["name"]),
            self._clock() - float(texts.get(f"here:{seat}", 0)) < AWAY,
            OnShow.read(show) if show else None,
            int(option) if asked and asked.revealed and question == asked.id else None,
            taken["number"],
            taken.get("looks", ""),
            tuple(taken.get("solved", ())),
            taken.get("rehearsal", False),
        )

    def answers(self, code: str) -> int:
        """How many seats have answered the question."""
        asked = self.stage(code).question
        return len(self._given(code, asked)) if asked else 0

    def _given(self, code: str, asked: Question) -> list[int]:
        """The answers to a question."""
        texts = [text.split(" ") for name, text in self._read(code).items() if name.startswith("answer:")]
        return [int(option) for question, option in texts if question == asked.id]

    def end(self, key: Key) -> None:
        """End a room; nothing of it stays."""
        self._check(self.leads(key))
        with refusals():
            self.store.end(key.code)

    def _seat_with(self, key: Key, **changes: Callable[[Any], Any]) -> dict[str, str]:
        """The text of a seat with these changes to what was there."""
        seat = json.loads(self._read(key.code, f"seat:{key.seat}").get(f"seat:{key.seat}", "{}"))
        changed = {name: change(seat.get(name, ())) for name, change in changes.items()}
        return {f"seat:{key.seat}": json.dumps(seat | changed)}

    def _free_name(self, seats: list[Mapping[str, Any]]) -> list[str]:
        taken = [seat["name"] for seat in seats]
        free = [[color, animal] for color in names.COLORS for animal in names.ANIMALS if [color, animal] not in taken]
        return secrets.choice(free)


def _asked(number: int) -> str:
    """The name of the text with a revealed question."""
    return f"asked:{number:02}"
