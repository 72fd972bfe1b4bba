"""A clock that tests move: its timers call when it passes their time."""


class Clock:
    """`clock.timer` takes the place of `threading.Timer`."""

    def __init__(self):
        self.now = 0.0
        self.pending = []

    def timer(self, seconds, function, args=()):
        return Timer(self, seconds, function, args)

    def move(self, seconds):
        """Move on, and call what is due, in order."""
        end = self.now + seconds
        while due := [timer for timer in self.pending if timer.due <= end]:
            timer = min(due, key=lambda timer: timer.due)
            self.pending.remove(timer)
            self.now = timer.due
            timer.function(*timer.args)
        self.now = end


class Timer:
    """A timer of a `Clock`."""

    def __init__(self, clock, seconds, function, args):
        self.clock, self.function, self.args = clock, function, args
        self.due = clock.now + seconds

    def start(self):
        self.clock.pending.append(self)

    def cancel(self):
        if self in self.clock.pending:
            self.clock.pending.remove(self)
