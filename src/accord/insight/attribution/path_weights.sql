-- By conversion and model: the total of the weights that found a touch, and how many middle touches share the rest.
WITH positions AS (
    SELECT conversion_no, model, count(*) AS held, CAST(sum(weight) AS BIGINT) AS weight
    FROM position_weights
    GROUP BY conversion_no, model
), shaped AS (
    SELECT p.conversion_no, p.group_no, p.first_place, p.last_place, m.model, m.weight AS middle_weight,
           p.last_place - p.first_place + 1 - coalesce(h.held, 0) AS middle_touches,
           coalesce(h.weight, 0) AS position_weight
    FROM conversion_paths AS p
    CROSS JOIN (
        SELECT model, CAST(coalesce(sum(weight) FILTER (WHERE position = 'middle'), 0) AS BIGINT) AS weight
        FROM attribution_weights
        GROUP BY model
    ) AS m
    LEFT JOIN positions AS h ON h.conversion_no = p.conversion_no AND h.model = m.model
)
SELECT *, position_weight + CASE WHEN middle_touches > 0 THEN middle_weight ELSE 0 END AS total_weight
FROM shaped
