-- code: script-not-of-language
-- severity: warning
-- since: 1.0
-- summary: Most letters of a text are not of the script that its language tag implies.
-- fix: Correct the tag, or add the script to it, as in ru-Latn.
-- message: Most letters of {field} {value} are not of the script that its language tag implies, {limit}.
-- fields: kind:text kind:language
-- except: sources.publisher_name *.note

-- part: kind:text
-- given: {field}
-- A publisher may be named in another script than it writes in, and one tag serves both.
-- A tag implies its own script, or the one of its language; languages of several scripts imply none.
WITH tags AS (SELECT DISTINCT {language} AS tag FROM {table}),
scripts AS (
    SELECT tag, coalesce(tag_script(tag), script) AS own_script
    FROM tags LEFT JOIN implied ON implied.language = tag_language(tag)
)
SELECT _row, own_script AS against FROM {table} JOIN scripts ON tag = {language}
WHERE is_foreign_to({field}, own_script);
