-- What each touch earns for the positions it holds, by model; a touch in several positions earns their sum.
WITH held AS (
    SELECT conversion_no, 'first' AS position, first_place AS place FROM conversion_paths
    UNION ALL
    SELECT conversion_no, 'lead' AS position, lead_place AS place FROM conversion_paths
    UNION ALL
    SELECT conversion_no, 'deal' AS position, deal_place AS place FROM conversion_paths
    UNION ALL
    SELECT conversion_no, 'won' AS position, won_place AS place FROM conversion_paths
    UNION ALL
    SELECT conversion_no, 'last' AS position, last_place AS place FROM conversion_paths
    UNION ALL
    SELECT conversion_no, 'last_non_direct' AS position, coalesce(indirect_place, last_place) AS place
    FROM conversion_paths
)
SELECT h.conversion_no, w.model, h.place, CAST(sum(w.weight) AS BIGINT) AS weight
FROM held AS h
JOIN attribution_weights AS w ON w.position = h.position
WHERE h.place IS NOT NULL
GROUP BY h.conversion_no, w.model, h.place
