-- One row per conversion, model and credited touch; one without a touch where a model finds none to credit.
WITH shares AS (
    SELECT s.conversion, s.model, s.touch,
           s.share + CASE WHEN s.touch = p.earliest THEN p.rest_share ELSE 0 END AS share,
           s.value + CASE WHEN s.touch = p.earliest THEN p.rest_value ELSE 0 END AS value
    FROM position_shares AS s
    JOIN path_shares AS p ON p.conversion = s.conversion AND p.model = s.model
    UNION ALL
    SELECT p.conversion, p.model, t.touch,
           p.share + CASE WHEN t.touch = p.earliest THEN p.rest_share ELSE 0 END AS share,
           p.value + CASE WHEN t.touch = p.earliest THEN p.rest_value ELSE 0 END AS value
    FROM path_shares AS p
    JOIN buying_touches AS t ON t.group_no = p.group_no AND t.touch BETWEEN p.first_touch AND p.last_touch
    LEFT JOIN position_shares AS s
        ON s.conversion = p.conversion AND s.model = p.model AND s.touch = t.touch
    WHERE p.sharers > 0 AND s.touch IS NULL
    UNION ALL
    SELECT conversion, model, touch, share, value
    FROM decayed_shares
    UNION ALL
    SELECT c.conversion, m.model, CAST(NULL AS BIGINT) AS touch, 1000000000 AS share,
           CAST(CAST(c.value AS DECIMAL(28, 4)) * 10000 AS BIGINT) AS value
    FROM conversions AS c
    CROSS JOIN attribution_models AS m
    LEFT JOIN (
        SELECT conversion, model FROM path_shares
        UNION ALL
        SELECT p.conversion, d.model FROM conversion_paths AS p CROSS JOIN attribution_decay AS d
    ) AS credited ON credited.conversion = c.conversion AND credited.model = m.model
    WHERE credited.model IS NULL
)
SELECT conversion, touch, model,
       CAST(CAST(share AS DECIMAL(19, 0)) * CAST(0.000000001 AS DECIMAL(10, 9)) AS DECIMAL(18, 9)) AS share,
       CAST(CAST(value AS DECIMAL(28, 0)) * CAST(0.0001 AS DECIMAL(5, 4)) AS DECIMAL(18, 4)) AS value
FROM shares
