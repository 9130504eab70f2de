"""The bytes of one file in, what it is by its content out, as the extension it should have; reads no articles.

A name can be wrong: a page saved as .txt, a report renamed to .docx. Content decides wherever it shows what it is.
"""

import io
import re
import zipfile

from index.reading.archive import MAX_ENTRIES
from index.reading.files import GIVE

PDF, DOCX, EPUB, HTML, TEXT = ".pdf", ".docx", ".epub", ".html", ".txt"
_PACKED = (DOCX, EPUB, PDF)

_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Office file (.doc, .xls, .ppt, .wps) or one with a password; "
     "open it in Word or WPS and save it as .docx without a password"),
    (b"{\\rtf", "is an RTF document; open it in Word or WPS and save it as .docx"),
    (b"\x89PNG", f"is a picture (PNG); {GIVE} with its text"),
    (b"\xff\xd8\xff", f"is a picture (JPEG); {GIVE} with its text"),
    (b"GIF8", f"is a picture (GIF); {GIVE} with its text"),
    (b"II*\0", f"is a picture (TIFF); {GIVE} with its text"),
    (b"MM\0*", f"is a picture (TIFF); {GIVE} with its text"),
    (b"\x1f\x8b", "is a gzip archive; unpack it and give the files in it"),
    (b"BZh", "is a bzip2 archive; unpack it and give the files in it"),
    (b"\xfd7zXZ\0", "is an xz archive; unpack it and give the files in it"),
    (b"\x28\xb5\x2f\xfd", "is a zstd archive; unpack it and give the files in it"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive; unpack it and give the files in it"),
    (b"Rar!\x1a\x07", "is a RAR archive; unpack it and give the files in it"),
    (b"SQLite format 3\0", f"is an SQLite database; {GIVE} with its text"),
    (b"\x7fELF", f"is a program (ELF, binary), not text; {GIVE}"),
    (b"AT&TFORM", "is a DjVu document; turn it into a PDF with text or give its text as .txt"),
)  # fmt: skip
_HTML_START = re.compile(rb"(?:<\?xml[^>]{0,200}\?>|<!--.{0,4000}?-->|\s)*<(?:!doctype\s+html|html)[\s>]", re.I | re.S)
_MHTML = re.compile(rb"(?:From|MIME-Version|Subject|Date):[^\0]{0,2000}?Content-Type: *multipart/related", re.I)
_TAG = re.compile(rb"<[a-z][a-z0-9]{0,15}(?:\s[^<>]{0,2000})?/?>", re.I)


class KindError(ValueError):
    """The file is of a kind that no reader here reads; the message says which and what to do."""


def kind_of(data: bytes, extension: str) -> str:
    """The extension that fits the content; the given one (lower case, with its dot) where content says nothing else.

    Raises KindError for what is recognised but not read: old Office files, archives, pictures.
    """
    for sign, told in _SIGNS:
        if data.startswith(sign):
            raise KindError(told)
    if is_pdf(data[:1024], extension):
        return PDF
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _zip_kind(data, extension)
    if _MHTML.match(data[:4096]):
        raise KindError("is a web archive (MHTML); save the page again as “HTML only”")
    narrow = data[:8192].replace(b"\0", b"")  # UTF-16 shows its marks too
    if _HTML_START.match(narrow.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")):
        return HTML
    if extension == HTML:
        return HTML if _TAG.search(data[:2_000_000].replace(b"\0", b"")) else TEXT
    return TEXT if extension in _PACKED else extension


def is_pdf(head: bytes, extension: str) -> bool:
    """Whether a file that begins like this is a PDF; one that is named so may have other bytes before its mark."""
    return head.startswith(b"%PDF-") or (extension == PDF and b"%PDF-" in head[:1024])


def _zip_kind(data: bytes, extension: str) -> str:
    if data.count(b"PK\x01\x02") > 2 * MAX_ENTRIES:  # their list alone would fill the memory
        raise KindError(f"is a zip package of more than {MAX_ENTRIES} parts; split it into smaller files")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError):
        if extension in (DOCX, EPUB):
            raise KindError(
                f"is damaged, its end is missing or broken (zip); get {extension} again from its source"
            ) from None
        raise KindError("is a damaged zip archive; unpack it and give the files in it") from None
    if "word/document.xml" in names or ("[Content_Types].xml" in names and extension == DOCX):
        return DOCX
    if "META-INF/container.xml" in names:
        return EPUB
    for folder, told in (
        ("xl/", "is an Excel workbook; save the sheets as text or copy them into a .docx"),
        ("ppt/", "is a PowerPoint file; save it as .docx or a PDF"),
        ("content.xml", "is an OpenDocument file; save it as .docx"),
        ("Contents/", "is a HWPX document; save it as .docx"),
        ("Document.xml", "is an OFD document or another package of XML; save it as .docx or a PDF"),
        ("OFD.xml", "is an OFD document; save it as .docx or a PDF"),
    ):
        if any(name == folder or (folder.endswith("/") and name.startswith(folder)) for name in names):
            raise KindError(told)
    raise KindError("is a zip archive; unpack it and give the files in it")
