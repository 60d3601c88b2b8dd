"""How much the tool reads before it refuses; every message about a limit names it."""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes and counts; the defaults fit packages of tens of gigabytes."""

    #: Largest descriptor.
    descriptor_bytes: int = 8 * _MIB
    #: Largest JSON document that is read whole (bundle, nested, JSON table).
    document_bytes: int = 2048 * _MIB
    #: Deepest nesting of a bundle, nested document, or record.
    document_depth: int = 64
    #: Largest CSV file that is mended; it is held in memory.
    mended_bytes: int = 256 * _MIB
    #: Most findings of one code in a package that is mended; each takes about 1 KB.
    mended_findings: int = 100_000
    #: Most resources in a package.
    resources: int = 10_000
    #: Most columns of a Parquet file, workbook or database.
    columns: int = 16_384
    #: Largest row of a JSON file, Parquet file or workbook.
    record_bytes: int = 64 * _MIB
    #: Largest SQLite database that is read.
    database_bytes: int = 512 * _MIB
    #: Most members of a zip archive.
    archive_members: int = 10_000
    #: Most bytes that one member of an archive may unpack to.
    member_bytes: int = 16 * 1024 * _MIB
    #: Most unpacked bytes for each packed byte, after the first MiB.
    archive_ratio: int = 200
    #: Largest text of a Parquet file or workbook, beside ``archive_ratio`` bytes for each of its bytes.
    reader_text_bytes: int = 256 * _MIB
    #: Memory of the process that reads Parquet files and workbooks.
    reader_memory_bytes: int = 2048 * _MIB
    #: Processor time that it takes for one file.
    reader_cpu_seconds: int = 120
    #: Time for which it is waited for, in one file.
    reader_wall_seconds: int = 300
    #: Deepest nesting of the columns of a Parquet file.
    parquet_depth: int = 64
    #: Longest text in the metadata of a Parquet file.
    parquet_metadata_bytes: int = 16 * _MIB
    #: Most items in one list of the metadata of a Parquet file.
    parquet_metadata_items: int = 1_000_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class TransferLimits:
    """How much ``verify`` and ``fetch`` read from a place, and how long they wait for it."""

    #: Seconds for which a connection may take to be made.
    connect_seconds: float = 5
    #: Seconds for which the next bytes may take to come.
    read_seconds: float = 15
    #: Seconds for the whole run.
    total_seconds: float = 3600
    #: Attempts in a row that bring nothing.
    attempts: int = 5
    #: Seconds of the first wait; each further one is twice as long.
    first_wait_seconds: float = 0.5
    #: Longest wait between two attempts, also when a server asks for more.
    longest_wait_seconds: float = 60
    #: Redirects of one request.
    redirects: int = 5
    #: Bytes of the whole run.
    total_bytes: int = 64 * 1024 * _MIB
    #: Bytes of one file.
    file_bytes: int = 16 * 1024 * _MIB
    #: Bytes of ``index.json``.
    index_bytes: int = 8 * _MIB
    #: Bytes of ``SHA256SUMS``.
    checksums_bytes: int = 16 * _MIB
    #: Bytes of ``release.json``, and of the descriptor.
    record_bytes: int = 16 * _MIB
    #: Bytes of a signature.
    signature_bytes: int = 64 * 1024
    #: Files of one release.
    files: int = 100_000


DEFAULT_TRANSFER_LIMITS = TransferLimits()
