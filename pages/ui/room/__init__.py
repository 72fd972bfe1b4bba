"""The room in which a class learns together: seats, the leader's stage, and the wall."""
