-- code: prefix-not-registered
-- severity: warning
-- since: 1.0
-- summary: A declared prefix is not in the registry, is retired or reserved, or belongs to another publisher.
-- fix: Register the prefix, or use one that begins with x until yours is registered.
-- message: The package declares the prefix {value}; the registry says: {limit}.
-- fields: *.id
-- needs: registry

-- Drafts are prefix-draft. Rows of the project (dd) may be copied by everybody.

-- part: package.prefixes
SELECT NULL AS _row, prefix AS value, 'not registered' AS against FROM prefixes
WHERE NOT starts_with(prefix, 'x') AND prefix NOT IN (SELECT prefix FROM registered);

-- part: package.prefixes
SELECT NULL AS _row, prefix AS value, status AS against FROM registered
WHERE prefix IN (SELECT prefix FROM prefixes) AND status <> 'active';

-- part: package.prefixes
SELECT NULL AS _row, registered.prefix AS value, concat('belongs to ', registered.publisher) AS against
FROM registered JOIN publisher ON lower(publisher.name) <> lower(registered.publisher)
WHERE registered.prefix IN (SELECT prefix FROM prefixes) AND registered.prefix <> 'dd'
  AND registered.status = 'active' AND registered.publisher <> '';
