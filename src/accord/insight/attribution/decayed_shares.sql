-- Time decay: a weight of one million for the journey's last touch, halved for each half-life before it. Only the
-- proportion of the weights matters, so measuring from the last touch changes no share and never underflows.
WITH weighed AS (
    SELECT p.conversion, d.model, t.touch, p.amount,
           CAST(floor(pow(2.0, (CAST(floor(epoch(t.at)) AS BIGINT) - p.last_second)
                               / CAST(d.half_life_seconds AS DOUBLE)) * 1000000) AS BIGINT) AS weight
    FROM conversion_paths AS p
    CROSS JOIN attribution_decay AS d
    JOIN buying_touches AS t ON t.group_no = p.group_no AND t.touch BETWEEN p.first_touch AND p.last_touch
), totalled AS (
    SELECT *, CAST(sum(weight) OVER (PARTITION BY conversion) AS BIGINT) AS total,
           min(touch) OVER (PARTITION BY conversion) AS earliest
    FROM weighed
    WHERE weight > 0
), cut AS (
    SELECT conversion, model, touch, earliest, amount, (weight * 1000000000) // total AS share,
           (amount // total) * weight + ((amount % total) * weight) // total AS value
    FROM totalled
), rests AS (
    SELECT conversion, 1000000000 - CAST(sum(share) AS BIGINT) AS share,
           max(amount) - CAST(sum(value) AS BIGINT) AS value
    FROM cut
    GROUP BY conversion
)
SELECT c.conversion, c.model, c.touch,
       c.share + CASE WHEN c.touch = c.earliest THEN r.share ELSE 0 END AS share,
       c.value + CASE WHEN c.touch = c.earliest THEN r.value ELSE 0 END AS value
FROM cut AS c
JOIN rests AS r ON r.conversion = c.conversion
