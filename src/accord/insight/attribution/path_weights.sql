-- By conversion and model: the total of the weights that found a touch, and how many middle touches share theirs.
-- With a weight for the middle the earliest credited touch is the first one: held, or itself in the middle.
WITH positions AS (
    SELECT conversion, model, count(*) AS held, CAST(sum(weight) AS BIGINT) AS weight, min(touch) AS earliest
    FROM position_weights
    GROUP BY conversion, model
), middles AS (
    SELECT model, CAST(coalesce(sum(weight) FILTER (WHERE position = 'middle'), 0) AS BIGINT) AS weight
    FROM attribution_weights
    GROUP BY model
), shaped AS (
    SELECT p.conversion, p.group_no, p.first_touch, p.last_touch, p.amount, m.model,
           m.weight AS middle_weight, coalesce(h.weight, 0) AS position_weight,
           p.last_touch - p.first_touch + 1 - coalesce(h.held, 0) AS middle_touches,
           CASE WHEN m.weight > 0 THEN p.first_touch ELSE h.earliest END AS earliest
    FROM conversion_paths AS p
    CROSS JOIN middles AS m
    LEFT JOIN positions AS h ON h.conversion = p.conversion AND h.model = m.model
)
SELECT *, position_weight + CASE WHEN middle_touches > 0 THEN middle_weight ELSE 0 END AS total_weight
FROM shaped
WHERE position_weight + CASE WHEN middle_touches > 0 THEN middle_weight ELSE 0 END > 0
