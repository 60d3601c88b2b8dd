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
-- some: unknown_tags
SELECT _row, part AS against FROM {table} AS record JOIN unknown_tags ON unknown_tags.tag = record.{field};

-- part: list:language
-- given: {field}
-- some: unknown_tags
WITH tagged AS (SELECT _row, unnest(string_split({field}, ' ')) AS tag FROM {table} WHERE {field} IS NOT NULL)
SELECT _row, min(part) AS against FROM tagged JOIN unknown_tags ON unknown_tags.tag = tagged.tag GROUP BY _row;
