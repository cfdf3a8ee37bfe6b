-- The place of each like event in its run: those of one place, one from each tool, are the same event. In a run
-- that is not long the n-th of each tool are; long runs were paired one by one (`long_pairs`).
SELECT
    table_name,
    person,
    kind,
    about,
    run_no,
    row_number() OVER (
        PARTITION BY table_name, person, kind, about, run_no, source ORDER BY "at", fact_id
    ) AS place,
    fact_id
FROM clusters
WHERE NOT long
UNION ALL
SELECT
    clusters.table_name,
    clusters.person,
    clusters.kind,
    clusters.about,
    clusters.run_no,
    pairs.place,
    clusters.fact_id
FROM clusters
JOIN long_pairs AS pairs ON clusters.fact_id = pairs.fact_id
