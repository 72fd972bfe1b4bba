"""Colours that mean the same thing everywhere, safe for colour-blind people (Okabe and Ito)."""

TRAIN = "#0072B2"
TEST = "#009E73"
PREDICTION = "#D55E00"
PATH = "#CC79A7"
WARNING = "#E69F00"
NEUTRAL = "#8A8F98"
SURFACE = "Viridis"
