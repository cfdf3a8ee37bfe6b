-- By conversion and model: what each middle touch earns, rounded down, and what is left for the earliest touch.
WITH middles AS (
    SELECT *, CASE WHEN middle_touches > 0 AND middle_weight > 0 THEN middle_touches ELSE 0 END AS sharers,
           total_weight * greatest(middle_touches, 1) AS whole
    FROM path_weights
), cut AS (
    SELECT conversion, model, group_no, first_touch, last_touch, earliest, amount, sharers,
           (middle_weight * 1000000000) // whole AS share,
           (amount // whole) * middle_weight + ((amount % whole) * middle_weight) // whole AS value
    FROM middles
), held AS (
    SELECT conversion, model, CAST(sum(share) AS BIGINT) AS share, CAST(sum(value) AS BIGINT) AS value
    FROM position_shares
    GROUP BY conversion, model
)
SELECT c.*, 1000000000 - coalesce(h.share, 0) - c.sharers * c.share AS rest_share,
       c.amount - coalesce(h.value, 0) - c.sharers * c.value AS rest_value
FROM cut AS c
LEFT JOIN held AS h ON h.conversion = c.conversion AND h.model = c.model
