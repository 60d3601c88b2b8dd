-- code: language-code-unknown
-- severity: error
-- since: 1.0
-- summary: A language tag has the right form and one of its parts is not registered.
-- fix: Use a tag of parts in the IANA Language Subtag Registry.
-- message: {field} {value} has a part that is not registered: {limit}.
-- fields: kind:language list:language
-- needs: subtags

-- part: kind:language
-- given: {field}
WITH tags AS (SELECT DISTINCT {field} AS tag FROM {table} WHERE {field} IS NOT NULL),
parts AS (
    SELECT tag, 'language' AS type, tag_language(tag) AS part FROM tags
    UNION ALL SELECT tag, 'script' AS type, tag_script(tag) AS part FROM tags
    UNION ALL SELECT tag, 'region' AS type, tag_region(tag) AS part FROM tags
),
unknown AS (
    SELECT tag, min(part) AS part FROM parts WHERE NOT is_private_subtag(type, part) AND NOT EXISTS (
        SELECT 1 FROM subtags WHERE subtags.type = parts.type AND subtags.subtag = lower(parts.part))
    GROUP BY tag
)
SELECT _row, part AS against FROM {table} AS record JOIN unknown ON unknown.tag = record.{field};

-- part: list:language
-- given: {field}
WITH tagged AS (SELECT _row, unnest(string_split({field}, ' ')) AS tag FROM {table} WHERE {field} IS NOT NULL),
tags AS (SELECT DISTINCT tag FROM tagged),
parts AS (
    SELECT tag, 'language' AS type, tag_language(tag) AS part FROM tags
    UNION ALL SELECT tag, 'script' AS type, tag_script(tag) AS part FROM tags
    UNION ALL SELECT tag, 'region' AS type, tag_region(tag) AS part FROM tags
),
unknown AS (
    SELECT tag, min(part) AS part FROM parts WHERE NOT is_private_subtag(type, part) AND NOT EXISTS (
        SELECT 1 FROM subtags WHERE subtags.type = parts.type AND subtags.subtag = lower(parts.part))
    GROUP BY tag
)
SELECT _row, min(part) AS against FROM tagged JOIN unknown ON unknown.tag = tagged.tag GROUP BY _row;
