"""Relations on what supports a record: origins of sources, kin of publishers, and what evidence speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from diplodata.engine import sql
from diplodata.standard import registry, tables

if TYPE_CHECKING:
    from diplodata.rules.relations import Relations

#: Steps up a chain of parents or originals; longer ones are circles.
_STEPS = 16

#: relation -> tables without which it says nothing.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "alone": ("sources",),
    "claimed": ("evidence",),
    "kin": ("organizations", "sources"),
    "origins": ("sources",),
    "support": ("sources",),
}

#: relation -> tables that a package may leave out, while one that could not be read makes it worthless.
WISHES: Mapping[str, tuple[str, ...]] = {"alone": ("evidence",), "support": ("evidence",)}


def origins(self: Relations) -> None:
    """(source_id, origin_id) of every source; a copy has the origin of what it was copied from."""
    self.session.execute(
        f"""CREATE TABLE origins AS
        WITH RECURSIVE walk AS (
            SELECT id AS source_id, id AS here, 0 AS step FROM all_sources
            UNION ALL
            SELECT walk.source_id, derived_from_id, step + 1 FROM walk JOIN all_sources ON all_sources.id = walk.here
            WHERE derived_from_id IS NOT NULL AND step < {_STEPS}
        )
        SELECT DISTINCT source_id, here AS origin_id FROM walk
        WHERE NOT EXISTS (SELECT 1 FROM all_sources WHERE id = walk.here AND derived_from_id IS NOT NULL)"""
    )


def kin(self: Relations) -> None:
    """(organization_id, publisher_id): the publisher of a source is the organization, a part of it, or above it."""
    self.session.execute(
        f"""CREATE TABLE kin AS
        WITH RECURSIVE publishers AS (
            SELECT DISTINCT publisher_id AS id FROM all_sources WHERE publisher_id IS NOT NULL),
        walk AS (
            SELECT id AS start, id AS here, 0 AS step FROM all_organizations
            UNION ALL
            SELECT walk.start, parent_id, step + 1 FROM walk JOIN all_organizations AS up ON up.id = walk.here
            WHERE parent_id IS NOT NULL AND step < {_STEPS}
        )
        SELECT start AS organization_id, here AS publisher_id FROM walk WHERE here IN (SELECT id FROM publishers)
        UNION
        SELECT here, start FROM walk WHERE start IN (SELECT id FROM publishers)"""
    )


def support(self: Relations) -> None:
    """(record_table, record_id, first, last): the origins of the evidence for a record; equal when it is one."""
    found = (
        "SELECT record_table, record_id, min(origin_id) AS first, max(origin_id) AS last "
        "FROM evidence JOIN origins ON origins.source_id = evidence.source_id WHERE stance = 'supports' GROUP BY 1, 2"
    )
    nothing = "SELECT NULL AS record_table, NULL AS record_id, NULL AS first, NULL AS last WHERE false"
    self.make(["origins"])
    self.session.execute(f"CREATE TABLE support AS {found if 'evidence' in self.tables else nothing}")


def alone(self: Relations) -> None:
    """(record_table, _row, origin_id, publisher_id) of records with confidence high whose support has one origin."""
    self.make(["origins", "support"])
    parts = ["SELECT NULL AS record_table, NULL AS _row, NULL AS origin_id, NULL AS publisher_id WHERE false"]
    parts += [
        f"SELECT {sql.literal(name)} AS record_table, record._row, origins.origin_id, origin.publisher_id "
        f"FROM {name} AS record JOIN origins ON origins.source_id = record.source_id "
        "JOIN all_sources AS origin ON origin.id = origins.origin_id "
        f"LEFT JOIN support ON support.record_table = {sql.literal(name)} AND support.record_id = record.id "
        "WHERE record.confidence = 'high' "
        "AND coalesce(first, origin_id) = origin_id AND coalesce(last, origin_id) = origin_id"
        for name, table in self.tables.items()
        if {"confidence", "source_id"} <= table.filled
    ]
    self.session.execute(f"CREATE TABLE alone AS {' UNION ALL '.join(parts)}")


def claimed(self: Relations) -> None:
    """(record_table, record_id, field_name, value, is_list) of fields of active records that evidence speaks of.

    * The value is NULL when the field is empty. What is no field of the record is not in the relation, nor is a cell
      that has failed already.
    * Evidence that supports a field without a value of its own says nothing about the value, and is left out.
    """
    version = self.inputs.standard
    found = self.session.rows(f"SELECT DISTINCT record_table, field_name FROM evidence WHERE {_SPEAKS}")
    spoken_of: dict[str, set[str]] = defaultdict(set)
    for table, name in found:
        spoken_of[table].add(name)
    known = set(registry.table_names(version))
    parts = [_NO_CLAIM]
    parts += [_claims(name, version, spoken_of[name]) for name in self.tables if name in known & spoken_of.keys()]
    self.session.execute(f"CREATE TABLE claimed AS {' UNION ALL '.join(parts)}")


#: The condition that evidence says something of a field.
_SPEAKS = "(asserted_value IS NOT NULL OR stance <> 'supports')"

#: A query that has the columns of claims and no row, so that a union has at least one part.
_NO_CLAIM = (
    "SELECT NULL::VARCHAR AS record_table, NULL::VARCHAR AS record_id, NULL::VARCHAR AS field_name, "
    "NULL::VARCHAR AS value, NULL::BOOLEAN AS is_list WHERE false"
)


def _claims(table: str, version: str, spoken_of: Collection[str]) -> str:
    fields = [item for item in tables.schema(version, table).fields if item.name in spoken_of]
    values = " ".join(f"WHEN {sql.literal(item.name)} THEN record.{sql.identifier(item.name)}" for item in fields)
    if not fields:
        return _NO_CLAIM
    lists = sql.literals(item.name for item in fields if item.annotations.is_list)
    name = sql.literal(table)
    return (
        f"SELECT {name} AS record_table, claim.record_id, claim.field_name, "
        f"CASE claim.field_name {values} END AS value, "
        f"claim.field_name IN ({lists or 'NULL'}) AS is_list "
        f"FROM (SELECT DISTINCT record_id, field_name FROM evidence WHERE record_table = {name} AND {_SPEAKS}) "
        f"AS claim JOIN {table} AS record ON record.id = claim.record_id "
        f"WHERE claim.field_name IN ({sql.literals(item.name for item in fields)}) "
        "AND NOT EXISTS (SELECT 1 FROM failed "
        f"WHERE failed.resource = {name} AND failed.row = record._row AND failed.field = claim.field_name)"
    )
