-- code: source-not-locatable
-- severity: warning
-- since: 1.0
-- summary: A source has no address, no archived copy and no hash.
-- fix: Add url or archive_url, or keep a copy and give its sha256.
-- message: The source has no address, no archived copy and no hash.
-- fields: sources.url sources.archive_url sources.sha256

-- part: sources.url
SELECT _row FROM sources WHERE coalesce(url, archive_url, sha256) IS NULL;
