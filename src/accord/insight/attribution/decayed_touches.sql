-- Time decay: a weight of one million for the journey's last touch, halved for each half-life before it. Only the
-- proportion of the weights matters, so measuring from the last touch changes no share and never underflows.
SELECT p.conversion_no, d.model, t.place,
       CAST(floor(pow(2.0, (CAST(floor(epoch(t.at)) AS BIGINT) - p.last_second)
                           / CAST(d.half_life_seconds AS DOUBLE)) * 1000000) AS BIGINT) AS part
FROM conversion_paths AS p
CROSS JOIN attribution_decay AS d
JOIN buying_touches AS t ON t.group_no = p.group_no AND t.place BETWEEN p.first_place AND p.last_place
