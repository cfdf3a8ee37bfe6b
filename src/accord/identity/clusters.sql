-- Runs of like events of one person, from several tools, each within 5 minutes of the one before. `long` runs
-- last more than 5 minutes from end to end.
WITH shared AS (
    SELECT table_name, person, kind, about
    FROM seen_events
    GROUP BY table_name, person, kind, about
    HAVING min(source) <> max(source)
), candidates AS (
    SELECT events.*
    FROM seen_events AS events
    SEMI JOIN shared
        ON events.table_name = shared.table_name
        AND events.person = shared.person
        AND events.kind = shared.kind
        AND events.about = shared.about
), spaced AS (
    SELECT
        *,
        lag("at") OVER (PARTITION BY table_name, person, kind, about ORDER BY "at", source, fact_id) AS before
    FROM candidates
), starts AS (
    SELECT
        *,
        sum(CASE WHEN before + INTERVAL 5 MINUTE >= "at" THEN 0 ELSE 1 END) OVER (
            PARTITION BY table_name, person, kind, about
            ORDER BY "at", source, fact_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS run_no
    FROM spaced
), runs AS (
    SELECT
        *,
        min("at") OVER (PARTITION BY table_name, person, kind, about, run_no) AS from_at,
        max("at") OVER (PARTITION BY table_name, person, kind, about, run_no) AS until_at,
        min(source) OVER (PARTITION BY table_name, person, kind, about, run_no) AS first_source,
        max(source) OVER (PARTITION BY table_name, person, kind, about, run_no) AS last_source
    FROM starts
)
SELECT
    table_name,
    person,
    kind,
    about,
    run_no,
    fact_id,
    source,
    runs.at,
    from_at + INTERVAL 5 MINUTE < until_at AS long
FROM runs
WHERE first_source <> last_source
