-- code: script-not-of-language
-- severity: warning
-- since: 1.0
-- summary: Most letters of a text are not of the script that its language tag implies.
-- fix: Correct the tag, or add the script to it, as in ru-Latn.
-- message: Most letters of {field} {value} are not of the script that its language tag implies, {limit}.
-- fields: kind:text kind:language
-- except: sources.publisher_name *.note

-- A publisher may be named in another script than it writes in, and one tag serves both.

-- part: kind:text
-- given: {field}
-- some: foreign_texts
SELECT _row, script AS against FROM foreign_texts WHERE record_table = '{table}' AND field_name = '{field}';
