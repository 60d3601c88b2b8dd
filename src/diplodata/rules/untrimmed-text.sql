-- code: untrimmed-text
-- severity: error
-- since: 1.0
-- summary: A value begins or ends with white space, holds two spaces in a row, or is only white space.
-- fix: Remove the extra white space.
-- message: {field} {value} has white space at an end, or two spaces in a row.
-- kinds: text label value
-- spares: is_plain is_tidy

-- Tabs and line breaks are invisible-character.
regexp_matches({column}, '^\p{Zs}|\p{Zs}$|\p{Zs}{2}')
