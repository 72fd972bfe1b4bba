"""`streamlit` on a machine that trains slowly: so much is to be seen of a long training wherever the tests run."""

import time

from streamlit.web.cli import main

import wb_core as wb

SECONDS = 0.0003  # more for each epoch

follow = wb.LinearRun.follow_schedule


def follow_slowly(run: wb.LinearRun) -> None:
    time.sleep(SECONDS)
    follow(run)


wb.LinearRun.follow_schedule = follow_slowly
main()
