-- What each touch weighs for the positions it holds, by model; a touch in several positions weighs their sum.
WITH held AS (
    SELECT conversion, 'first' AS position, first_touch AS touch FROM conversion_paths
    UNION ALL
    SELECT conversion, 'lead' AS position, lead_touch AS touch FROM conversion_paths
    UNION ALL
    SELECT conversion, 'deal' AS position, deal_touch AS touch FROM conversion_paths
    UNION ALL
    SELECT conversion, 'won' AS position, won_touch AS touch FROM conversion_paths
    UNION ALL
    SELECT conversion, 'last' AS position, last_touch AS touch FROM conversion_paths
    UNION ALL
    SELECT conversion, 'last_non_direct' AS position, coalesce(indirect_touch, last_touch) AS touch
    FROM conversion_paths
)
SELECT h.conversion, w.model, h.touch, CAST(sum(w.weight) AS BIGINT) AS weight
FROM held AS h
JOIN attribution_weights AS w ON w.position = h.position
WHERE h.touch IS NOT NULL
GROUP BY h.conversion, w.model, h.touch
