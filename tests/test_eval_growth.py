from xml.etree import ElementTree

from eval.growth import plot, table

SVG = "{http://www.w3.org/2000/svg}"


def size(passages: int, build_s: float, build_mb: int) -> dict[str, object]:
    return {"passages": passages, "build_processor_s": build_s, "build_s": build_s, "build_peak_mb": build_mb}


def test_a_row_for_each_size_and_a_dash_for_what_was_not_measured() -> None:
    head, _, small, large = table([size(1000, 0.5, 100), size(250_000, 120.0, 700)]).splitlines()
    assert head.startswith("| passages | build s · processor s | build MB | on disk MB |")
    assert small.startswith("| 1,000 | 0.5 · 0.5 | 100 | — |")
    assert large.startswith("| 250,000 | 120.0 · 120.0 | 700 | — |")
    assert small.count("|") == head.count("|")


def test_what_grows_tenfold_with_the_collection_rises_by_a_decade_as_it_goes_by_one() -> None:
    drawn = ElementTree.fromstring(plot([size(1000, 1.0, 50), size(10_000, 10.0, 50), size(100_000, 100.0, 50)]))
    lines = [
        [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
        for line in drawn.iter(f"{SVG}polyline")
    ]
    (x0, y0), (x1, y1), (x2, y2) = lines[0]
    assert x1 - x0 == x2 - x1 > 0
    assert abs((y0 - y1) - (y1 - y2)) < 0.2 < y0 - y1
    assert len({y for _, y in lines[1]}) == 1
    labels = [text.text for text in drawn.iter(f"{SVG}text")]
    assert {"1,000", "100,000", "build, processor s"} <= set(labels)


def test_nothing_measured_is_drawn_without_lines() -> None:
    drawn = ElementTree.fromstring(plot([]))
    assert {line.attrib["points"] for line in drawn.iter(f"{SVG}polyline")} == {""}
