"""The catalogue of codes that are not rules, as one table."""

from __future__ import annotations

from diplodata.catalogue.document_entries import OF_DOCUMENTS
from diplodata.catalogue.entry import entry as _entry
from diplodata.catalogue.release_entries import OF_RELEASES

_LIST = (
    # The package and its descriptor
    _entry(
        "profile-error",
        "The descriptor breaks a rule of Data Package v2 or of the profile it declares.",
        "Correct the descriptor at the place that is named.",
        "{problem}",
        source="Data Package v2",
    ),
    _entry(
        "required-table-missing",
        "A package of the standard lacks a table that every package has.",
        "Add the table, if need be with a header and no rows.",
        "The table {value} is not in the package; every package of the standard has it.",
        source="diplodata standard, levels of tables",
    ),
    _entry(
        "waiver-unused",
        "The package waives a finding that is not there.",
        "Remove the waiver, or correct its code, record_id or field.",
        "The waiver of {problem} excuses nothing.",
        severity="warning",
        source="diplodata standard, rules of a package",
    ),
    _entry(
        "codelist-error",
        "A file of codes that the package adds to an open codelist cannot be used.",
        "Correct the file: it has the columns code and description, and perhaps status.",
        "{path} is not used: {problem}",
        source="diplodata standard, codelists",
    ),
    _entry(
        "schema-error",
        "A table schema cannot be used: it is damaged, or asks for something no checker can do.",
        "Correct the schema at the place that is named.",
        "{problem}",
        source="Table Schema v2",
    ),
    _entry(
        "schema-form",
        "A table schema is written in a form that other tools may refuse.",
        "Write it as Table Schema v2 asks: each field has a name of its own, and fieldsMatch is one text.",
        "{problem}",
        severity="warning",
    ),
    _entry(
        "schema-missing",
        "A table has no schema, so only its shape is checked.",
        "Give the resource a schema.",
        "{resource} has no schema; only the shape of the file was checked.",
        severity="info",
    ),
    _entry(
        "schema-not-standard",
        "The package's own schema of a table of the standard is looser than the standard, or has other columns.",
        "Use the standard's Table Schema; extension columns begin with x_ and come last.",
        "{problem}",
        source="diplodata standard, contracts",
    ),
    _entry(
        "unsafe-path",
        "A path is absolute, hidden, leads out of the package, or goes through a symbolic link.",
        "Put the file inside the package and name it by a plain relative path.",
        "The path {value} is not read: {problem}.",
        source="Data Package v2, path",
    ),
    _entry(
        "remote-not-read",
        "The data lie at an address; the tool never dials out to validate.",
        "Download the file into the package and name its path.",
        "{value} is an address and is not read.",
        severity="warning",
    ),
    _entry(
        "scheme-error",
        "A file that the descriptor names cannot be opened.",
        "Add the file, or correct the path.",
        "{path} cannot be opened: {problem}.",
    ),
    _entry(
        "format-error",
        "A resource is in a format that the tool does not read, or its file is not what its format says.",
        "Convert it to CSV, JSON, NDJSON or Parquet.",
        "The format {value} is not read, so {resource} was not checked.",
    ),
    _entry(
        "limit-exceeded",
        "A file is larger, deeper or slower to read than a limit allows, so it was not read.",
        "Check where the file comes from; a real table of that size is better split, or written anew.",
        "{path} was not read: {problem}.",
    ),
    _entry(
        "resource-error",
        "A resource refers to something that the package does not have.",
        "Add what is missing, or remove the reference.",
        "{problem}",
    ),
    _entry(
        "byte-count",
        "The file has another size than the descriptor says.",
        "Take the file again from its source, or correct bytes in the descriptor.",
        "{path} has {value} bytes; the descriptor says {limit}.",
        source="Data Package v2, bytes",
    ),
    _entry(
        "hash-count",
        "The file has another hash than the descriptor says.",
        "Take the file again from its source, or correct hash in the descriptor.",
        "{path} has the hash {value}; the descriptor says {limit}.",
        source="Data Package v2, hash",
    ),
    # The shape of a file
    _entry(
        "source-error",
        "The file cannot be read as a table: it is empty or its structure is broken.",
        "Correct the file at the place that is named; a table without rows still has a header.",
        "{path} cannot be read as a table: {problem}.",
    ),
    _entry(
        "encoding-error",
        "The file is not in the encoding that the descriptor declares.",
        "Save the file as UTF-8.",
        "{path} is not {limit}: {problem}.",
    ),
    _entry(
        "dialect-assumed",
        "The descriptor does not say how a file is written, so its delimiter or encoding was assumed.",
        "Save the file as CSV UTF-8 with commas, or declare dialect and encoding in the descriptor.",
        "{problem}",
        severity="warning",
        source="Data Package v2, dialect, encoding",
    ),
    _entry(
        "line-ends",
        "The lines of a file end in different ways, or with a carriage return alone.",
        "Save the file with one kind of line end, LF or CR LF; put a cell with a line break in double quotes.",
        "{problem}",
        severity="warning",
        source="RFC 4180",
    ),
    _entry(
        "byte-order-mark",
        "A byte-order mark stands inside a file, where it is part of a cell.",
        "Remove the mark; it is left over where files were put together.",
        "Row {row} begins with a byte-order mark, which is part of its first cell.",
        severity="warning",
    ),
    _entry(
        "blank-row",
        "A record is empty.",
        "Remove the empty line.",
        "Row {row} is empty.",
    ),
    _entry(
        "missing-cell",
        "A record has fewer cells than the header.",
        "Add the cell, if need be empty; look for a missing comma or quote.",
        "Row {row} has no cell for {field}.",
    ),
    _entry(
        "extra-cell",
        "A record has more cells than the header.",
        "Remove the cell; a value with a comma stands in double quotes.",
        "Row {row} has the cell {value} beyond the last column.",
    ),
    _entry(
        "unterminated-quote",
        "A quoted cell is never closed, so the rest of the file would be one cell.",
        "Close the quote; a double quote inside a quoted cell is written twice.",
        "Row {row} opens a quote that is never closed.",
        source="RFC 4180",
    ),
    _entry(
        "stray-quote",
        "A quote stands where it neither opens nor closes a cell.",
        "Put the whole cell in double quotes and write the inner quote twice.",
        "Row {row} has a quote that neither opens nor closes a cell, near {value}.",
        source="RFC 4180",
    ),
    _entry(
        "nul-in-cell",
        "A cell holds the character NUL.",
        "Save the file as UTF-8 text; NUL is often a sign of UTF-16.",
        "Row {row} holds the character NUL.",
    ),
    _entry(
        "json-type",
        "A JSON value is not of the type that the field has.",
        "Write it as the schema says: texts in quotes, numbers and booleans without, lists as arrays; leave out null.",
        "{field} is {value}; the field takes {limit}.",
    ),
    # The header
    _entry(
        "incorrect-label",
        "A column has another name than the field at its place.",
        "Rename the column, or put the columns in the order of the schema.",
        "Column {column} is named {value}; the schema has {limit} there.",
        source="Table Schema v2, fieldsMatch",
    ),
    _entry(
        "missing-label",
        "A field of the schema has no column.",
        "Add the column, if need be empty.",
        "The column {field} is missing.",
        source="Table Schema v2, fieldsMatch",
    ),
    _entry(
        "extra-label",
        "A column is not in the schema.",
        "Remove the column, or declare it in the schema; in tables of the standard its name begins with x_.",
        "Column {column}, {value}, is not in the schema.",
        source="Table Schema v2, fieldsMatch",
    ),
    _entry("blank-label", "A column has no name.", "Name the column.", "Column {column} has no name."),
    _entry(
        "duplicate-label",
        "Two columns have the same name.",
        "Rename or remove one of them.",
        "Column {column} repeats the name {value}.",
    ),
    _entry(
        "unmatched-header",
        "No column has the name of a field.",
        "Name the columns as the schema does.",
        "No column of {path} is in the schema.",
        source="Table Schema v2, fieldsMatch",
    ),
    # Cells
    _entry(
        "type-error",
        "A cell is not of the field's type.",
        "Correct the value, or leave the cell empty.",
        "{field} {value} is not of the type {limit}.",
        source="Table Schema v2, types",
    ),
    _entry(
        "constraint-error",
        "A cell breaks a constraint of its field.",
        "Correct the value.",
        "{problem}",
        source="Table Schema v2, constraints",
    ),
    _entry(
        "unique-error",
        "A value of a unique column stands twice.",
        "Make the values distinct.",
        "{field} {value} stands in row {limit} already.",
        source="Table Schema v2, unique",
    ),
    _entry(
        "lexical-form",
        "A value is written in a form that other tools may not read.",
        "Write it plainly: ASCII digits, no padding, no underscores.",
        "{field} {value} is of the type {limit}, in an unusual form.",
        severity="warning",
    ),
    # Keys
    _entry(
        "primary-key",
        "A key that names one record stands twice, or is empty.",
        "Give one of the rows a key of its own, or remove the repeated row.",
        "{field} {value} stands in row {limit} already.",
        source="Table Schema v2, primaryKey",
    ),
    _entry(
        "unique-key",
        "The values of a unique key stand twice.",
        "Make the values distinct.",
        "{field} {value} stands in row {limit} already.",
        source="Table Schema v2, uniqueKeys",
    ),
    _entry(
        "foreign-key",
        "A reference points to a record that is not there.",
        "Add the record, or correct the reference.",
        "{field} {value} is not in {limit}.",
        source="Table Schema v2, foreignKeys",
    ),
    _entry(
        "unchecked",
        "A check could not be made because something it needs could not be read.",
        "Mend what could not be read, and validate again.",
        "{problem}",
        severity="info",
    ),
)

#: code -> entry, for every code that is not a rule.
ENTRIES = {entry.code: entry for entry in (*_LIST, *OF_DOCUMENTS, *OF_RELEASES)}
