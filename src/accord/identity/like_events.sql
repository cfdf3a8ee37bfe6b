-- Events of two tools that are the same one: in a run, the n-th of the one with the n-th of the other. Runs of
-- more than 5 minutes were paired one by one (`long_pairs`).
SELECT
    'c' || cast(cluster AS VARCHAR) || '.' || cast(
        row_number() OVER (PARTITION BY cluster, source ORDER BY "at", subject) AS VARCHAR
    ) AS group_key,
    table_name,
    fact_id
FROM clusters
WHERE NOT long
UNION ALL
SELECT pairs.group_key, clusters.table_name, clusters.fact_id
FROM clusters
JOIN long_pairs AS pairs ON clusters.fact_id = pairs.fact_id
