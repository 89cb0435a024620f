"""The figures as one table for people."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = tuple[str, ...]


def show(result: Mapping[str, Any]) -> None:
    """Print `result`, as it is written to the file."""
    machine, runs = result["machine"], result["runs"]
    print(f"\n{machine['system']}, {machine['processors']} processors, Python {machine['python']}")
    if runs:
        count = len(runs["baseline"])
        print(
            f"{result['letters']} letters, {result['megabytes']} MB; {count} interleaved runs, medians (lowest to highest)\n"
        )
        _print(_trip(runs))
        _print(_idle(result["idle"]))
    _print(_readers(result["readers"]))


def _trip(runs: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Row]:
    names = {"service": "whole trip", "baseline": "frozen baseline", "mbsync": "mbsync"}
    rows: list[Row] = [
        ("", "wall s", "x baseline", "CPU s", "main CPU s", "server CPU s", "others' CPU s", "main MB", "tree MB")
    ]
    for name, of_name in runs.items():
        ratios = [
            run["cost"]["wall_seconds"] / beside["cost"]["wall_seconds"]
            for run, beside in zip(of_name, runs["baseline"], strict=True)
        ]
        rows.append(
            (
                names[name],
                _spread(run["cost"]["wall_seconds"] for run in of_name),
                _spread(ratios, digits=2),
                _median(of_name, lambda run: run["cost"]["cpu_seconds"]),
                _median(of_name, lambda run: run["cost"]["main_cpu_seconds"]),
                _median(of_name, lambda run: run["server_cpu_seconds"]),
                _median(of_name, _others),
                _median(of_name, lambda run: run["cost"]["main_rss_bytes"] / 1e6, digits=0),
                _median(of_name, lambda run: run["cost"]["tree_rss_bytes"] / 1e6, digits=0),
            )
        )
    return rows


def _others(run: Mapping[str, Any]) -> float:
    """What else the machine was busy with; where it is much, the figures are those of a shared machine."""
    ours = run["cost"]["cpu_seconds"] + run["server_cpu_seconds"] + run["sink_cpu_seconds"]
    return max(0.0, float(run["cost"]["machine_cpu_seconds"] - ours))


def _idle(polls: Sequence[Mapping[str, Any]]) -> list[Row]:
    rows: list[Row] = [
        ("idle poll, 3 folders", "round trips", "bytes out", "bytes in", "CPU ms", "server CPU ms", "wall ms")
    ]
    rows += [
        (
            f"{poll['letters']} letters",
            f"{poll['round_trips']:.0f}",
            f"{poll['to_server_bytes']:.0f}",
            f"{poll['to_client_bytes']:.0f}",
            f"{poll['client_cpu_ms']:.1f}",
            f"{poll['server_cpu_ms']:.1f}",
            f"{poll['wall_ms']:.1f}",
        )
        for poll in polls
    ]
    return rows


def _readers(figures: Mapping[str, float]) -> list[Row]:
    ratio = figures["letter_mb_per_second"] / figures["stdlib_mb_per_second"]
    return [
        ("reading alone (CPU)", ""),
        ("Word file, 2,500 字", f"{figures['docx_ms']:.1f} ms"),
        ("photo, 12 megapixels, 1 MB", f"{figures['photo_ms']:.1f} ms"),
        ("PDF page, whole reader", f"{figures['pdf_page_ms']:.1f} ms"),
        ("PDF page, PDFium pass", f"{figures['pdfium_page_ms']:.1f} ms"),
        ("PDF page, pdfplumber text", f"{figures['pdfplumber_page_ms']:.1f} ms"),
        ("letter, our reader", f"{figures['letter_mb_per_second']:.0f} MB/s ({ratio:.1f} x)"),
        ("letter, standard library", f"{figures['stdlib_mb_per_second']:.0f} MB/s"),
    ]


def _spread(values: Any, *, digits: int = 1) -> str:
    found = sorted(values)
    middle = f"{statistics.median(found):.{digits}f}"
    return middle if len(found) == 1 else f"{middle} ({found[0]:.{digits}f}-{found[-1]:.{digits}f})"


def _median(runs: Sequence[Mapping[str, Any]], figure: Callable[[Mapping[str, Any]], float], *, digits: int = 1) -> str:
    return f"{statistics.median(figure(run) for run in runs):.{digits}f}"


def _print(rows: Sequence[Row]) -> None:
    widths = [max(_width(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = [text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)]
        print("  ".join(cells).rstrip())
    print()


def _width(text: str) -> int:
    """Columns on a terminal; Chinese takes two."""
    return sum(2 if ord(character) >= 0x2E80 else 1 for character in text)
