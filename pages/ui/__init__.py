"""What all pages share: everything that knows Streamlit, and the figures."""
