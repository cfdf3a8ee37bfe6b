-- Runs of like events of one person, from several tools, each within 5 minutes of the one before.
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
        lag("at") OVER (PARTITION BY table_name, person, kind, about ORDER BY "at", source, subject) AS before
    FROM candidates
), starts AS (
    SELECT
        *,
        sum(CASE WHEN before + INTERVAL 5 MINUTE >= "at" THEN 0 ELSE 1 END) OVER (
            PARTITION BY table_name, person, kind, about
            ORDER BY "at", source, subject
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS run_no
    FROM spaced
), runs AS (
    SELECT table_name, person, kind, about, run_no, min("at") AS from_at, max("at") AS until_at
    FROM starts
    GROUP BY table_name, person, kind, about, run_no
    HAVING min(source) <> max(source)
), numbered AS (
    SELECT
        *,
        row_number() OVER (ORDER BY table_name, person, kind, about, run_no) AS cluster
    FROM runs
)
SELECT
    numbered.cluster,
    numbered.from_at + INTERVAL 5 MINUTE < numbered.until_at AS long,
    starts.table_name,
    starts.fact_id,
    starts.subject,
    starts.source,
    starts.kind,
    starts.at
FROM starts
JOIN numbered
    ON starts.table_name = numbered.table_name
    AND starts.person = numbered.person
    AND starts.kind = numbered.kind
    AND starts.about = numbered.about
    AND starts.run_no = numbered.run_no
