"""What the leader shows to all seats: a run, a lesson, a pause, a question."""
