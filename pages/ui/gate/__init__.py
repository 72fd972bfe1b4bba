"""The gate: what browsers send and get is bounded and checked here, whatever Streamlit itself would allow.

uploads.py        how many files, and how many bytes, a visit and all visits may keep on the server
sockets.py        how many visits there may be, and which messages they may send
widget_values.py  values that no widget can have are ignored
headers.py        what browsers may do with our pages

Streamlit's own limits, such as the size of one upload, are in `.streamlit/config.toml`.
"""
