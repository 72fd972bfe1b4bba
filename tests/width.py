"""The width of tests with random cases: full in `make test-all`, a quarter of it in `make test`."""

quick = False  # set by `conftest.py` before the tests are imported


def cases(full: int) -> int:
    return full // 4 if quick else full
