"""Shadow print in (`经济经济`, characters doubled run by run), the text once out; knows no pages and no articles.

A shadow is printed as a second copy, and extraction yields both copies run by run, where a run ends at a change of
font: `石桥石桥（（新新））村村`. The cheapest way to cut the line into doubled runs and single characters says what
was printed, and its doubled share whether the line was printed so at all.
"""

_RUN_COST, _SINGLE_COST = 1.0, 3.0
_ENDS = "。！？"


def undouble(line: str) -> tuple[str, float]:
    """What was printed, and the share (0 to 1) of the characters, spaces aside, that were there twice."""
    n = len(line)
    costs = [0.0] + [float("inf")] * n
    steps = [0] * (n + 1)  # how many characters the last piece takes; negative for a doubled run
    for i in range(n):
        single = costs[i] + (0.0 if line[i].isspace() else _SINGLE_COST)
        if single < costs[i + 1]:
            costs[i + 1], steps[i + 1] = single, 1
        for half in range(1, (n - i) // 2 + 1):
            end = i + 2 * half
            if costs[i] + _RUN_COST < costs[end] and line[i : i + half] == line[i + half : end]:
                costs[end], steps[end] = costs[i] + _RUN_COST, -half
    pieces, doubled, at = list[str](), 0, n
    while at:
        step = steps[at]
        size = step if step > 0 else -2 * step
        doubled += 0 if step > 0 else size
        pieces.append(line[at - size : at - size + abs(step)])
        at -= size
    printed = sum(1 for c in line if not c.isspace())
    return "".join(reversed(pieces)), doubled / printed if printed else 0.0


def split_doubled_end(line: str) -> tuple[str, str]:
    """A line to whose last sentence a doubled caption was glued: the sentence and the caption, else the line and ""."""
    for at in range(len(line) - 8, 0, -1):
        if line[at - 1] in _ENDS:
            caption, share = undouble(line[at:])
            return (line[:at], caption) if share > 0.95 else (line, "")
    return line, ""
