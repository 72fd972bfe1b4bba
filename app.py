"""The server of Torch Workbench: `streamlit run app.py`."""

import streamlit as st

from pages.ui import server

# Streamlit looks for this very call in the text of the file.
app = st.App("pages/router.py", routes=server.routes(), middleware=server.middleware(), lifespan=server.lifespan)
