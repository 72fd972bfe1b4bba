"""Branches of the displayed run: from some epoch on, the same training with other settings.

Labs of a `RunLab` share them. A lab has its own `Branches`, `BranchesView` and `BranchForm`, such as those in
`labs/line/branches.py`, and its own traces, such as those in `figures/line_branches.py`.
"""
