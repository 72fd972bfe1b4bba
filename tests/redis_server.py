"""A Redis of the system, on a free port, which may be lost and come back."""

import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager

import redis

from deploy.__main__ import find

REDIS = find("redis-server")


class RedisServer:
    """It keeps what it has in a folder, so that a restart loses nothing."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url, self.folder, self.process = f"redis://127.0.0.1:{self.port}/0", folder, None

    def start(self):
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder]
        options += ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        self.process = subprocess.Popen([REDIS, *options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        with redis.Redis(port=self.port) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.RedisError:
                    assert time.monotonic() < deadline
                    time.sleep(0.02)

    def stop(self):
        self.process.kill()
        self.process.wait()

    def forget(self):
        """Lose what it had, while it is stopped."""
        shutil.rmtree(f"{self.folder}/appendonlydir")

    def clients(self):
        """The connections that it has."""
        with redis.Redis(port=self.port, decode_responses=True) as client:
            return [one for one in client.client_list() if one["name"] != "" or one["cmd"] != "client|list"]


@contextmanager
def redis_server():
    """Start one."""
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
