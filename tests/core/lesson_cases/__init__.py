"""For each lesson: settings that nearly pass, and those of its typical mistakes."""

from . import images, line, points, step, tensors

CASES = {**tensors.CASES, **line.CASES, **step.CASES, **images.CASES, **points.CASES}
