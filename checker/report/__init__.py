"""What people read of a run: the files of `--out`, the page, the terminal's summary.

Knows outcomes and claims as plain values, and how they are shown; judges nothing, sums nothing across currencies
or confidences, and reads no clock. Templates lie in `reports/`.
"""
