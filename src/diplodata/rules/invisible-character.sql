-- code: invisible-character
-- severity: error
-- since: 1.0
-- summary: A value holds a control character, a line break, a zero-width or direction mark, a soft hyphen or a byte-order mark.
-- fix: Remove the character.
-- message: {field} {value} holds a character that cannot be seen.
-- kinds: text label value
-- spares: is_plain is_tidy

-- The joiners U+200C and U+200D are wanted after letters and marks of the scripts that need them; only the few
-- values that hold anything invisible are looked at twice.
regexp_matches({column}, '[\p{Cc}\x{00AD}\x{061C}\x{180E}\x{200B}-\x{200F}\x{2028}-\x{202E}\x{2060}-\x{206F}\x{FEFF}]')
AND regexp_matches(
    regexp_replace({column}, '[\p{Arabic}\p{Bengali}\p{Devanagari}\p{Gujarati}\p{Gurmukhi}\p{Kannada}\p{Khmer}\p{Malayalam}\p{Mongolian}\p{Oriya}\p{Sinhala}\p{Syriac}\p{Tamil}\p{Telugu}\p{M}][\x{200C}\x{200D}]', '', 'g'),
    '[\p{Cc}\x{00AD}\x{061C}\x{180E}\x{200B}-\x{200F}\x{2028}-\x{202E}\x{2060}-\x{206F}\x{FEFF}]')
