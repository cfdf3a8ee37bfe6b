-- The category and usual name of each source: by the source itself, by its name with any country's ending
-- (`google.*`), else by the nearest parent domain whose subdomains count too.
WITH sources AS (
    SELECT source_key, string_split(source_key, '.') AS labels
    FROM (SELECT DISTINCT source_key FROM touch_sources WHERE source_key IS NOT NULL)
),
endings AS (
    SELECT source_key, dropped, array_to_string(labels[dropped + 1:], '.') AS ending
    FROM (SELECT source_key, labels, unnest(range(least(len(labels), 12))) AS dropped FROM sources)
),
matches AS (
    SELECT
        e.source_key, c.category, c.name,
        row_number() OVER (PARTITION BY e.source_key ORDER BY e.dropped, c.source DESC) AS place
    FROM endings AS e
    INNER JOIN channel_sources AS c
        ON (
            c.source = e.ending
            OR c.source = regexp_replace(e.ending, '\.(com|[a-z]{2}|com?\.[a-z]{2})$', '.*')
        )
        AND (e.dropped = 0 OR c.subdomains)
)
SELECT source_key, category, name FROM matches WHERE place = 1
