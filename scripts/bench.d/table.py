"""Rows of the table: the measurement, Levin's figure, a peer's, the ratio of their medians, the goal, and whether it is met."""

import dataclasses

FAILED = "failed"


@dataclasses.dataclass
class Row:
    what: str
    levin: str
    peer: str = ""
    ratio: str = ""
    goal: str = ""
    verdict: str = ""


def time(seconds: float | None) -> str:
    if seconds is None:
        return FAILED
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{number(seconds / size)} {unit}"
    return f"{number(seconds / 1e-9)} ns"


def number(value: float) -> str:
    """Three significant digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:#.3g}".rstrip(".")


def megabytes(count: float | None) -> str:
    return FAILED if count is None else f"{count / 1e6:.0f} MB"


def size(count: float | None) -> str:
    return FAILED if count is None else f"{count:,.0f} bytes" if count >= 100 else f"{number(count)} bytes"


def rate(per_second: float | None) -> str:
    return FAILED if per_second is None else f"{per_second:,.0f}/s"


def percent(part: float | None) -> str:
    return FAILED if part is None else f"{100 * part:.0f} %"


def times(ratio: float) -> str:
    return f"{ratio:.2f}×" if ratio < 10 else f"{ratio:.1f}×"


def verdict(value: float | None, least: float | None, most: float | None) -> str:
    if least is None and most is None:
        return ""
    if value is None:
        return "not measured"
    return "met" if (least is None or value >= least) and (most is None or value <= most) else "missed"


def faster(what: str, levin: float | None, name: str, peer: float | None, least: float | None = None,
           write=time, larger_is_better=False, as_share=False) -> Row:
    """How many times as fast as the peer Levin is."""
    ratio = None
    if levin and peer:
        ratio = levin / peer if larger_is_better else peer / levin
    shown = percent if as_share else times
    return Row(what, write(levin), f"{name}: {write(peer)}", "" if ratio is None else shown(ratio),
               "" if least is None else f"≥ {shown(least)}", verdict(ratio, least, None))


def smaller(what: str, levin: float | None, name: str, peer: float | None, most: float | None = None,
            write=time, shown=times) -> Row:
    """Levin's figure as a fraction of the peer's."""
    ratio = levin / peer if levin and peer else None
    return Row(what, write(levin), f"{name}: {write(peer)}", "" if ratio is None else shown(ratio),
               "" if most is None else f"≤ {shown(most)}", verdict(ratio, None, most))


def memory(what: str, levin: float | None, name: str, peer: float | None) -> Row:
    """Bytes, of which Levin should need at most as many as the peer; both may be 0. Less than a megabyte counts as nothing:
    the system counts the pages of a process only roughly until it has some dozens of them."""
    known = levin is not None and peer is not None
    return Row(what, megabytes(levin), f"{name}: {megabytes(peer)}", times(levin / peer) if known and peer else "",
               "≤ 1.00×", ("met" if levin <= max(peer, 1e6) else "missed") if known else "not measured")


def at_most(what: str, levin: float | None, most: float, write=time) -> Row:
    return Row(what, write(levin), goal=f"≤ {write(most)}", verdict=verdict(levin, None, most))


def at_least(what: str, levin: float | None, least: float | None, write=percent) -> Row:
    return Row(what, write(levin), goal="" if least is None else f"≥ {write(least)}",
               verdict=verdict(levin, least, None))


def markdown(title: str, rows: list[Row], notes: list[str]) -> str:
    lines = [f"## {title}", "", "| what | Levin | peer | ratio | goal | |", "| --- | ---: | --- | ---: | ---: | --- |"]
    lines += [f"| {' | '.join(dataclasses.astuple(row))} |" for row in rows]
    return "\n".join(lines + [""] + [f"- {note}" for note in notes] + [""] * bool(notes))
