"""Office files to Document: which kind a container holds, by content, and the conversion of old and foreign ones."""

from __future__ import annotations

from msgspec.structs import replace

from extract.archive import Archive
from extract.errors import ReadError, shown
from extract.found import Origin, finding
from extract.package import CONTENT_TYPES, Package
from schemas.table import Document

__all__ = ["read_converted", "read_ole", "read_zip"]

_DOC = "application/msword"
_ODT = "application/vnd.oasis.opendocument.text"
_MIMETYPE = "mimetype"
_ODF_TEXT = ("opendocument.text",)
_ODF_SHEET = "opendocument.spreadsheet"
_BINARY_SHEET = "sheet.binary"


def read_zip(data: bytes, name: str) -> Document:
    """A zip archive: Office Open XML or OpenDocument; `unsupported` for any other."""
    archive = Archive(data, name)
    if CONTENT_TYPES in archive:
        return _read_package(archive, data, name)
    if _MIMETYPE in archive:
        return _read_opendocument(archive, data, name)
    raise ReadError("unsupported", f"{shown(name)} is a zip archive, not an Office document; unpack it first")


def _read_package(archive: Archive, data: bytes, name: str) -> Document:
    package = Package(archive, name)
    main = package.main_part()
    kind = package.content_type(main).lower() if main else ""
    if main is None:
        raise ReadError("damaged", f"{shown(name)} is an Office document without its main part")
    if "wordprocessingml" in kind or "ms-word" in kind:
        from extract.word import read_docx  # noqa: PLC0415 - lxml and each reader are loaded when they are needed

        return read_docx(archive, data, name)
    if _BINARY_SHEET in kind:
        return read_converted(data, name, "xlsb", "xlsx", kind)
    if "spreadsheetml" in kind or "ms-excel" in kind:
        from extract.sheet import read_xlsx  # noqa: PLC0415 - likewise

        return read_xlsx(archive, data, name)
    raise ReadError("unsupported", f"{shown(name)} is an Office document of a kind that holds no forms ({shown(kind)})")


def _read_opendocument(archive: Archive, data: bytes, name: str) -> Document:
    kind = archive.read(_MIMETYPE)[:200].decode("ascii", "replace").strip()
    if _ODF_SHEET in kind:
        from extract.sheet import read_ods  # noqa: PLC0415 - likewise

        return read_ods(archive, data, name)
    if any(each in kind for each in _ODF_TEXT):
        from extract.sheet.ods import refuse_encrypted  # noqa: PLC0415 - likewise

        refuse_encrypted(archive, name)
        return read_converted(data, name, "odt", "docx", _ODT)
    raise ReadError("unsupported", f"{shown(name)} is {shown(kind)}, a kind that holds no forms")


def read_ole(data: bytes, name: str) -> Document:
    """An OLE2 container: .xls and .et are read, .doc and .wps converted."""
    from extract.office.ole import held_in  # noqa: PLC0415 - likewise

    held = held_in(data, name)
    if held == "xls":
        from extract.sheet import read_xls  # noqa: PLC0415 - likewise

        return read_xls(data, name)
    if held == "doc":
        return read_converted(data, name, "doc", "docx", _DOC)
    raise ReadError("unsupported", f"{shown(name)} is an old Office document, neither text nor workbook")


def read_converted(data: bytes, name: str, extension: str, target: str, media_type: str) -> Document:
    """A document that LibreOffice converts; the audit names the source's own kind and tells the conversion."""
    from extract.office.convert import converted  # noqa: PLC0415 - likewise
    from extract.sheet import read_xlsx  # noqa: PLC0415 - likewise
    from extract.word import read_docx  # noqa: PLC0415 - likewise

    made = converted(data, name, extension, "docx" if target == "docx" else "xlsx")
    archive = Archive(made, name)
    read = (read_docx if target == "docx" else read_xlsx)(archive, made, name)
    note = finding(
        "converted",
        "info",
        f"文件由LibreOffice从.{extension}转换为.{target}后读入，位置指转换后的文件",
        f"LibreOffice converted the file from .{extension} to .{target}; places are those of the converted file",
    )
    origin = Origin(data, name, media_type, f"libreoffice-{read.engine}")
    return replace(read, source=origin.source(), engine=origin.engine, findings=(note, *read.findings))
