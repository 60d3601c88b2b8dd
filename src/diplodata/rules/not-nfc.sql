-- code: not-nfc
-- severity: warning
-- since: 1.0
-- summary: A value is not in Unicode normalization form C.
-- fix: Normalize the value to NFC.
-- message: {field} {value} is not in Unicode normalization form C.
-- kinds: text label value
-- spares: is_plain is_tidy
-- except: *.*_as_given evidence.quote

-- Fields that repeat a source are left as written.
CASE WHEN is_ascii({column}) OR {name_type} = 'as_given' THEN false ELSE {column} <> to_nfc({column}) END
