"""Figures: pure functions of plain data that return Plotly figures, without Streamlit."""
