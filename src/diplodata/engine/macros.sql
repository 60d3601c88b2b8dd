-- A number without the sign of zero: -0 equals 0.
CREATE MACRO abs_zero(number) AS CASE WHEN number = 0 THEN abs(number) ELSE number END;

-- Dates of the standard: a part of EDTF. A value that is marked as uncertain or approximate (? ~ %) has no
-- certain bounds, so these give NULL for it, as they do for anything that is no date.

CREATE MACRO edtf_plain(value) AS rtrim(value, '?~%');

CREATE MACRO edtf_day(value, year, month, day) AS
    TRY_CAST(replace(substr(value, 1, 4), 'X', year)
        || '-' || CASE WHEN substr(value, 6, 2) IN ('', 'XX') THEN month ELSE substr(value, 6, 2) END
        || '-' || CASE WHEN substr(value, 9, 2) IN ('', 'XX') THEN day ELSE substr(value, 9, 2) END AS DATE);

-- Whether a value is a day of the calendar, written in full; most dates are.
CREATE MACRO is_day(value) AS length(value) = 10 AND TRY_CAST(value AS DATE) IS NOT NULL;

-- Whether a value of the right form is in the calendar.
CREATE MACRO edtf_exists(value) AS edtf_day(edtf_plain(value), '0', '01', '01') IS NOT NULL;

-- The earliest and the latest day that a value can mean.
CREATE MACRO date_first(value) AS
    CASE WHEN is_day(value) THEN TRY_CAST(value AS DATE)
         WHEN value = edtf_plain(value) THEN edtf_day(value, '0', '01', '01') END;
CREATE MACRO date_last(value) AS
    CASE WHEN is_day(value) THEN TRY_CAST(value AS DATE)
         WHEN value <> edtf_plain(value) THEN NULL
         WHEN length(value) = 10 AND substr(value, 9, 2) <> 'XX' THEN edtf_day(value, '9', '12', '31')
         ELSE last_day(edtf_day(value, '9', '12', '01')) END;

-- Whether a text has only words of printable ASCII with one space between them, and begins with a letter, digit or (:
-- most texts do, and such a text cannot be wrong in many ways.
CREATE MACRO is_plain(value) AS regexp_full_match(value, '[0-9A-Za-z(][!-~]*( [!-~]+)*');

-- The last day of a meeting. Without an end it is read as one day, but for those that hold others; an end before the
-- start says nothing.
CREATE MACRO meeting_last(start_date, end_date, meeting_type) AS
    CASE WHEN end_date IS NULL AND meeting_type IN ('session', 'series', 'conference') THEN NULL
         WHEN date_last(end_date) < date_first(start_date) THEN NULL
         ELSE date_last(coalesce(end_date, start_date)) END;

-- Days by which dates of different records may differ: one where the time zone of the meeting is not known.
CREATE MACRO margin(time_zone) AS CASE WHEN time_zone IS NULL THEN 1 ELSE 0 END;

-- The part of an identifier that names its publisher.
CREATE MACRO prefix_of(id) AS split_part(id, ':', 1);

-- A number that is the same for rows that agree in all values, empty ones too.
CREATE MACRO row_hash(a, b, c := NULL, d := NULL, e := NULL) AS hash(a, b, c, d, e);
-- Whether two dates can mean one day; one that is uncertain or approximate can mean any.
CREATE MACRO may_be_same_day(value, other) AS
    coalesce(date_first(value) <= date_last(other) AND date_first(other) <= date_last(value), true);

-- Whether every item of a list is in another list.
CREATE MACRO has_items(list, items) AS list_has_all(string_split(list, ' '), string_split(items, ' '));

-- Texts.

-- Whether a text has ASCII characters only: then it has as many bytes as characters.
CREATE MACRO is_ascii(value) AS strlen(value) = length(value);

CREATE MACRO to_nfc(value) AS nfc_normalize(value);

CREATE MACRO without_gaps(value) AS replace(replace(replace(lower(value), ' ', ''), '-', ''), ',', '');

-- The letters and digits of a text, in lower case.
CREATE MACRO letters(value) AS CASE
    WHEN is_ascii(value) THEN CASE
        -- Without what stands between words; a regular expression takes many times as long.
        WHEN regexp_full_match(without_gaps(value), '[a-z0-9]*') THEN without_gaps(value)
        ELSE regexp_replace(lower(value), '[^a-z0-9]+', '', 'g') END
    ELSE lower(regexp_replace(nfc_normalize(value), '[^\p{L}\p{M}\p{N}]+', '', 'g')) END;

-- Whether a text has letters of these scripts. Ranges, as classes such as \p{L} take milliseconds to prepare.
CREATE MACRO has_latin(value) AS regexp_matches(value, '[A-Za-z\x{C0}-\x{24F}]');
CREATE MACRO has_no_cyrillic_or_greek(value) AS NOT regexp_matches(value, '[\x{370}-\x{3FF}\x{1F00}-\x{1FFF}\x{400}-\x{52F}]');

-- Whether a word has Latin letters beside Cyrillic or Greek ones, and all letters of one script look like letters of the
-- other: the word could be read as one script. So a brand with one letter of another script is left alone, as is a
-- Latin word with a Cyrillic ending. A word that mixes has two letters of different scripts side by side.
CREATE MACRO mixes_with(value, script, alike) AS regexp_matches(value,
    '(^|[^A-Za-z\x{C0}-\x{24F}\x{300}-\x{52F}\x{1F00}-\x{1FFF}])[\x{300}-\x{36F}' || script || alike || ']*'
    || '([' || script || '][\x{300}-\x{36F}]*[' || alike || ']|[' || alike || '][\x{300}-\x{36F}]*[' || script || '])'
    || '[\x{300}-\x{36F}' || script || alike || ']*([^A-Za-z\x{C0}-\x{24F}\x{300}-\x{52F}\x{1F00}-\x{1FFF}]|$)');
CREATE MACRO mixes_alike(value) AS
    mixes_with(value, 'A-Za-z\x{C0}-\x{24F}', 'аеорсухкіїёјѕһԁԛԝүАВЕЁКМНОРСТУХІЇЈЅԌԚԜҮ')
    OR mixes_with(value, '\x{400}-\x{52F}', 'aceopxykijshïëABCEHIJKMOPSTXYÏË')
    OR mixes_with(value, 'A-Za-z\x{C0}-\x{24F}', 'αικνορυχάίόύΑΒΕΖΗΙΚΜΝΟΡΤΥΧΆΈΉΊΌΎ')
    OR mixes_with(value, '\x{370}-\x{3FF}\x{1F00}-\x{1FFF}', 'aikvopuxáíóúABEZHIKMNOPTYX');

-- Values that say that there is none.
CREATE MACRO stands_for_nothing(value) AS lower(value) IN (
    'n/a', 'na', '#n/a', '#na', 'n.a', 'n.a.', 'n/k', 'tba', 'tbb',
    'tbc', 'tbd', 'tbd.', 't.b.a.', 't.b.c.', 't.b.d.', 'to be added', 'to be announced', 'to be confirmed',
    'to be decided', 'to be determined', 'to be named', 'nan', 'nil', 'none', 'null', 'undefined', 'unknown',
    'unnamed', 'untitled', 'not applicable', 'not available', 'not given', 'not known', 'not specified', 'not stated', 'no data',
    'no information', 'no name', 'no title', 'todo', 'to do', 'fixme', 'inconnu', 'inconnue', 'desconocido',
    'desconocida', 'unbekannt', 'н/д', 'нет', 'нет данных', 'неизвестно', 'не указан', 'не указана', 'не указано',
    'не известно', 'без названия')
    OR regexp_full_match(value, '[Xx]{4,}|[-–—_.…?*#/~]+');

-- The same where Null, Nil and Tba are also names of people.
CREATE MACRO is_placeholder(value, record_table) AS CASE
    WHEN strlen(value) > 48 THEN false
    WHEN NOT stands_for_nothing(value) THEN false
    ELSE record_table <> 'persons' OR length(value) > 4 OR lower(value) = upper(value) OR strpos(value, '/') > 0 END;

-- Personal names with an honorific before them, or without any small letter although the script has them.
CREATE MACRO is_no_plain_name(value) AS
    regexp_matches(value, '^((?i)(mrs?|ms|dr|prof)(\. ?| )|(sra?|hon|rt\. hon)\.|h\. ?e\.|(miss|sir|mme|mlle|herr|frau|señora?|professor|(his|her) (excellency|majesty|(royal )?highness)) |(г-н|г-жа|господин|госпожа) )')
    OR (value = upper(value) AND regexp_matches(value, '[A-Z\x{C0}-\x{DE}\x{391}-\x{3A9}\x{400}-\x{42F}]{2}'));

-- Web addresses: a host of labels whose last begins with a letter, or an IP address; then a port of 0 to 65535. No label
-- has more than 63 characters (RFC 1035), and the last one invalid is never given out (RFC 6761).
CREATE MACRO is_web_address(value) AS
    regexp_matches(value, '^https?://(([A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?\.)*[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?\.?|((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])|\[([0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f.]*\])(:([0-9]{0,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?([/?#]|$)')
    AND NOT regexp_matches(value, '^https?://[^/?#:]*([^/?#:.]{64}|\.invalid\.?([:/?#]|$))');

-- The shape of nearly all addresses: labels of some letters, a domain that the public uses, and a path without question.
CREATE MACRO is_usual_address(value) AS regexp_full_match(value,
    'https?://([a-z0-9]{1,15}(-[a-z0-9]{1,15}){0,2}\.){1,4}(com|org|net|int|edu|gov|info|[a-z]{2})(/[!->@-~]*)?');

-- Language tags: language, script and region; NULL for a part that is not there.
CREATE MACRO tag_language(tag) AS split_part(tag, '-', 1);
CREATE MACRO tag_script(tag) AS CASE WHEN regexp_matches(tag, '-[A-Z][a-z]{3}') THEN split_part(tag, '-', 2) END;
CREATE MACRO tag_region(tag) AS nullif(regexp_extract(tag, '-([A-Z]{2}|[0-9]{3})$', 1), '');

-- Parts that are registered as ranges for private use; a part that is not there is not unknown.
CREATE MACRO is_private_subtag(type, part) AS coalesce(
    (type = 'language' AND part BETWEEN 'qaa' AND 'qtz' AND length(part) = 3)
    OR (type = 'script' AND part BETWEEN 'Qaaa' AND 'Qabx')
    OR (type = 'region' AND (part IN ('AA', 'ZZ') OR part BETWEEN 'QM' AND 'QZ' OR part BETWEEN 'XA' AND 'XZ')), true);

-- What a text has of a script; NULL for scripts that are not listed.
CREATE MACRO of_script(value, script) AS CASE script
    WHEN 'Latn' THEN regexp_replace(value, '[^A-Za-z\x{C0}-\x{24F}\x{1E00}-\x{1EFF}]+', '', 'g')
    WHEN 'Cyrl' THEN regexp_replace(value, '[^\x{400}-\x{52F}]+', '', 'g')
    WHEN 'Arab' THEN regexp_replace(value, '[^\p{Arabic}]+', '', 'g')
    WHEN 'Hans' THEN regexp_replace(value, '[^\p{Han}]+', '', 'g')
    WHEN 'Hant' THEN regexp_replace(value, '[^\p{Han}\p{Bopomofo}]+', '', 'g')
    WHEN 'Hani' THEN regexp_replace(value, '[^\p{Han}\p{Bopomofo}]+', '', 'g')
    WHEN 'Jpan' THEN regexp_replace(value, '[^\p{Han}\p{Hiragana}\p{Katakana}ーｰ]+', '', 'g')
    WHEN 'Kore' THEN regexp_replace(value, '[^\p{Hangul}\p{Han}]+', '', 'g')
    WHEN 'Grek' THEN regexp_replace(value, '[^\p{Greek}]+', '', 'g')
    WHEN 'Armn' THEN regexp_replace(value, '[^\p{Armenian}]+', '', 'g')
    WHEN 'Geor' THEN regexp_replace(value, '[^\p{Georgian}]+', '', 'g')
    WHEN 'Hebr' THEN regexp_replace(value, '[^\p{Hebrew}]+', '', 'g')
    WHEN 'Ethi' THEN regexp_replace(value, '[^\p{Ethiopic}]+', '', 'g')
    WHEN 'Deva' THEN regexp_replace(value, '[^\p{Devanagari}]+', '', 'g')
    WHEN 'Beng' THEN regexp_replace(value, '[^\p{Bengali}]+', '', 'g')
    WHEN 'Thai' THEN regexp_replace(value, '[^\p{Thai}]+', '', 'g')
    WHEN 'Khmr' THEN regexp_replace(value, '[^\p{Khmer}]+', '', 'g')
    WHEN 'Laoo' THEN regexp_replace(value, '[^\p{Lao}]+', '', 'g')
    WHEN 'Mymr' THEN regexp_replace(value, '[^\p{Myanmar}]+', '', 'g')
    WHEN 'Sinh' THEN regexp_replace(value, '[^\p{Sinhala}]+', '', 'g')
    WHEN 'Taml' THEN regexp_replace(value, '[^\p{Tamil}]+', '', 'g')
    WHEN 'Telu' THEN regexp_replace(value, '[^\p{Telugu}]+', '', 'g')
    WHEN 'Mong' THEN regexp_replace(value, '[^\p{Mongolian}]+', '', 'g')
    END;

-- Whether most letters of a text are of another script than the one named.
CREATE MACRO is_foreign_to(value, script) AS CASE
    WHEN script = 'Latn' AND is_ascii(value) THEN false
    ELSE 2 * length(of_script(value, script)) < length(regexp_replace(value, '\P{L}+', '', 'g')) END;

-- The same for texts in all scripts: single spaces inside, nothing that cannot be seen, in normalization form C.
CREATE MACRO is_tidy(value) AS value = nfc_normalize(value) AND regexp_full_match(value,
    '[^=+@\x{00}-\x{20}\x{7F}-\x{A0}\x{AD}\x{61C}\x{1680}\x{180E}\x{2000}-\x{200F}\x{2028}-\x{202F}\x{205F}-\x{206F}\x{3000}\x{FEFF}-][^\x{00}-\x{20}\x{7F}-\x{A0}\x{AD}\x{61C}\x{1680}\x{180E}\x{2000}-\x{200F}\x{2028}-\x{202F}\x{205F}-\x{206F}\x{3000}\x{FEFF}]*( [^\x{00}-\x{20}\x{7F}-\x{A0}\x{AD}\x{61C}\x{1680}\x{180E}\x{2000}-\x{200F}\x{2028}-\x{202F}\x{205F}-\x{206F}\x{3000}\x{FEFF}]+)*');

-- A text without white space at its ends, and with single spaces inside.
CREATE MACRO tidied(value) AS trim(regexp_replace(value, '[ \t]+', ' ', 'g'));
