"""How fast sources are read: plain text MB/s, PDF pages/s, and peak memory for a folder of many small files.

python -m eval.reading.speed [--files N] [--pdf FILE]
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from eval.machine import ROOT, machine
from index.article import Article
from index.errors import SourceError
from index.reading import read_sources

_SAMPLE = "各县把办事窗口并到一处，群众来办事时只交一次材料，由后台分给各个部门去办，前后不过三天。"
_TEXT_MB, _PDF_PAGES, _COLUMN_ROWS, _ROW_CHARACTERS = 16, 200, 40, 20


def text_speed(folder: Path) -> dict[str, float]:
    """Megabytes of plain text a second, in files of 1 MB."""
    for n in range(_TEXT_MB):
        lines, size = list[str](), 0
        while size < 1_000_000:
            lines.append(f"{n}.{len(lines)}" + _SAMPLE * 3)
            size += len(lines[-1].encode()) + 1
        (folder / f"{n}.txt").write_text("\n".join(lines), encoding="utf-8")
    size_mb = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    _, seconds = _read(folder)
    return {"text_mb": round(size_mb, 1), "text_mb_per_s": round(size_mb / seconds, 1)}


def pdf_speed(path: Path, pages: int) -> dict[str, float]:
    """Pages of a PDF a second, the start of the process that reads it included."""
    read, seconds = _read(path)
    characters = sum(len(article.text) for article in read)
    return {"pdf_pages": pages, "pdf_characters": characters, "pdf_pages_per_s": round(pages / seconds, 1)}


def many_files(folder: Path, files: int) -> dict[str, float]:
    """Peak memory in MB of a process that reads so many small files, and of one that reads none."""
    for n in range(files):
        (folder / f"{n}.txt").write_text(f"第{n}则\n\n{n}：{_SAMPLE}\n", encoding="utf-8")
    alone, _ = _peak([])
    peak, seconds = _peak([folder])
    return {"files": files, "files_s": round(seconds, 2), "peak_mb": peak, "peak_without_files_mb": alone}


def draw_pdf(path: Path, pages: int) -> None:
    """A two-column file of full pages with titles, heads and page numbers; needs the dev dependency reportlab."""
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - not installed with the service
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # noqa: PLC0415
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), pagesize=(595, 842))
    for page in range(1, pages + 1):
        canvas.setFont("STSong-Light", 10)
        canvas.drawString(60, 815, "政策与实践")
        canvas.drawString(290, 30, str(page))
        if page % 4 == 1:
            canvas.setFont("STSong-Light", 22)
            canvas.drawString(150, 780, f"第{page}号报告")
        canvas.setFont("STSong-Light", 10.5)
        for row in range(_COLUMN_ROWS):
            for x in (60, 320):
                at = row % 5 * _ROW_CHARACTERS  # a paragraph of five lines, the last of them short
                text = (f"{page}之{row}：" * (row % 5 == 0) + (_SAMPLE * 3)[at : at + _ROW_CHARACTERS])[
                    :_ROW_CHARACTERS
                ]
                text = text[:9] + "。" if row % 5 == 4 else text
                canvas.drawString(x, 750 - 17.5 * row, text)
        canvas.showPage()
    canvas.save()


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.reading.speed", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--pdf", type=Path, help="a PDF of yours, instead of one drawn here")
    arguments = parser.parse_args(argv)
    found: dict[str, Any] = machine()
    with tempfile.TemporaryDirectory() as place:
        folders = [Path(place, name) for name in ("text", "many")]
        for folder in folders:
            folder.mkdir()
        found |= text_speed(folders[0])
        pdf = arguments.pdf or Path(place, "drawn.pdf")
        if not arguments.pdf:
            draw_pdf(pdf, _PDF_PAGES)
        found |= pdf_speed(pdf, _pages_of(pdf))
        found |= many_files(folders[1], arguments.files)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


def _pages_of(path: Path) -> int:
    import pypdfium2  # noqa: PLC0415 - only to count, in this process

    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def _read(source: Path) -> tuple[list[Article], float]:
    began = time.perf_counter()
    read = list(read_sources([source]))
    seconds = time.perf_counter() - began
    faults = [each for each in read if isinstance(each, SourceError)]
    if faults:
        raise SystemExit(str(faults[0]))
    return [each for each in read if isinstance(each, Article)], seconds


def _peak(sources: list[Path]) -> tuple[int, float]:
    """Peak resident megabytes of a fresh process that reads the sources and keeps nothing, and its seconds."""
    command = [sys.executable, "-c", "from eval.reading.speed import stream; stream()", *map(str, sources)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    peak, seconds = done.stdout.split()
    return int(peak), float(seconds)


def stream() -> None:
    """Read the sources named on the command line, keep nothing, print peak megabytes and seconds."""
    began = time.perf_counter()
    for _ in read_sources(sys.argv[1:]):
        pass
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, round(time.perf_counter() - began, 2))


if __name__ == "__main__":
    sys.exit(main())
