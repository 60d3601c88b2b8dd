-- code: prefix-not-declared
-- severity: error
-- since: 1.0
-- summary: An identifier has a prefix that the package does not declare.
-- fix: Add the prefix to diplodata.prefixes of the descriptor, or correct the identifier.
-- message: {field} {value} has the prefix {limit}, which the package does not declare.
-- fields: *.id
-- needs: declared-prefixes

-- A package that declares no prefix at all has a profile-error.

-- part: *.id
-- some: undeclared
SELECT _row, prefix_of(id) AS against FROM all_{table}
WHERE prefix_of(id) IN (SELECT prefix FROM undeclared);
