"""Rooms in Redis, which several server processes share.

A room is one hash that expires. Scripts change it, so that nobody sees half a change and its bounds hold. One thread of
each process hears of all changes, on one channel.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from .listeners import ALL, Listener, Listeners
from .store import IDLE, MAX_ROOMS, MAX_TEXTS, Full, Lost, check

WAIT = 2.0
"""An answer of Redis takes at most so many seconds."""

AGAIN = 0.25
"""After a failure, it is asked again after so many seconds."""

_CREATE = """
local now = redis.call('TIME')[1] * 1000
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[3]) then return -1 end
redis.call('HSET', KEYS[1], unpack(ARGV, 4))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], now + ARGV[2], ARGV[1])
return 1
"""
_WRITE = """
local code, idle, most, where, unless, news = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5], ARGV[6]
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], unless) == 1 then return 0 end
if where ~= '' and redis.call('HEXISTS', KEYS[1], where) == 0 then return 0 end
local first, last = 8, 7 + 2 * ARGV[7]
local length = redis.call('HLEN', KEYS[1])
for at = first, last, 2 do length = length + 1 - redis.call('HEXISTS', KEYS[1], ARGV[at]) end
for at = last + 1, #ARGV do length = length - redis.call('HEXISTS', KEYS[1], ARGV[at]) end
if length > most then return -1 end
if first < last then redis.call('HSET', KEYS[1], unpack(ARGV, first, last)) end
if last < #ARGV then redis.call('HDEL', KEYS[1], unpack(ARGV, last + 1)) end
if news ~= '' then
  redis.call('PEXPIRE', KEYS[1], idle)
  redis.call('ZADD', KEYS[2], redis.call('TIME')[1] * 1000 + idle, code)
  redis.call('PUBLISH', KEYS[3], news)
end
return 1
"""
_COUNT = """
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return count
"""


class RedisStore:
    """Rooms in the Redis at this address. It need not be there yet, and may go and come back."""

    def __init__(self, url: str, *, prefix: str = "workbench:", idle: float = IDLE) -> None:
        self._redis: Any = redis.Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=WAIT,
            socket_connect_timeout=WAIT,
            health_check_interval=10,
            retry=Retry(NoBackoff(), 1),
        )
        self._prefix, self._idle = prefix, str(int(idle * 1000))
        self._create, self._write, self._count = map(self._redis.register_script, (_CREATE, _WRITE, _COUNT))
        self._rooms, self._channel = f"{prefix}rooms", f"{prefix}news"
        self._listeners = Listeners()
        self._ear: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._lost_until = 0.0

    def create(self, code: str, texts: Mapping[str, str]) -> bool:
        check(texts)
        pairs = [part for pair in texts.items() for part in pair]
        keys = [self._room(code), self._rooms]
        made = self._ask(self._create, keys=keys, args=[code, self._idle, MAX_ROOMS, *pairs])
        if made < 0:
            raise Full(f"there are {MAX_ROOMS} rooms")
        return bool(made)

    def read(self, code: str, *names: str) -> Mapping[str, str]:
        if not names:
            return dict(self._ask(self._redis.hgetall, self._room(code)))
        texts = self._ask(self._redis.hmget, self._room(code), names)
        return {name: text for name, text in zip(names, texts, strict=True) if text is not None}

    def write(
        self, code: str, texts: Mapping[str, str | None], *, where: str = "", unless: str = "", quietly: bool = False
    ) -> bool:
        check(texts)
        kept = {name: text for name, text in texts.items() if text is not None}
        pairs = [part for pair in kept.items() for part in pair]
        dropped = [name for name in texts if name not in kept]
        news = "" if quietly else "\n".join((code, *texts))
        keys = [self._room(code), self._rooms, self._channel]
        args = [code, self._idle, MAX_TEXTS, where, unless, news, len(kept), *pairs, *dropped]
        written = self._ask(self._write, keys=keys, args=args)
        if written < 0:
            raise Full(f"a room has at most {MAX_TEXTS} texts")
        return bool(written)

    def end(self, code: str) -> None:
        with self._redis.pipeline() as together:
            together.delete(self._room(code)).zrem(self._rooms, code).publish(self._channel, f"{code}\n{ALL}")
            self._ask(together.execute)

    def count(self, name: str, seconds: float, more: int = 1) -> int:
        key = f"{self._prefix}count:{name}"
        return int(self._ask(self._count, keys=[key], args=[more, int(seconds * 1000)]))

    def listen(self, code: str, wanted: Collection[str] | None = None) -> AbstractAsyncContextManager[Listener]:
        with self._lock:
            if self._ear is None:
                self._ear = threading.Thread(target=self._hear, name="rooms", daemon=True)
                self._ear.start()
        return self._listeners.listen(code, wanted)

    def close(self) -> None:
        """End the thread and all connections."""
        self._closed.set()
        if self._ear is not None:
            self._ear.join()
        self._redis.close()

    def _room(self, code: str) -> str:
        return f"{self._prefix}room:{code}"

    def _ask(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Do something in Redis. For a moment after a failure nobody waits for it again."""
        if time.monotonic() < self._lost_until:
            raise Lost("Redis was lost a moment ago")
        try:
            return act(*args, **kwargs)
        except redis.RedisError as error:
            self._lost_until = time.monotonic() + AGAIN
            raise Lost(type(error).__name__) from error

    def _hear(self) -> None:
        """Pass on what changes, until the store is closed."""
        there = True
        while not self._closed.is_set():
            try:
                with self._redis.pubsub() as ear:
                    ear.subscribe(self._channel)
                    while not self._closed.is_set():
                        message = ear.get_message(timeout=AGAIN)
                        if message and message["type"] == "subscribe":  # news may have been missed before
                            if not there:
                                logging.getLogger(__name__).warning("Redis is back.")
                            there, self._lost_until = True, 0.0
                            self._listeners.tell_all()
                        elif message:
                            code, *names = message["data"].split("\n")
                            self._listeners.tell(code, names)
            except (redis.RedisError, OSError) as error:
                if there:
                    logging.getLogger(__name__).warning("Redis is lost: %s", type(error).__name__)
                    self._listeners.tell_all()
                there = False
                self._closed.wait(AGAIN)
