"""Live sliders: while a slider is held, the browser shows the run of each of its stops, without calling the server."""
