-- Each conversion's journey as a run of touch numbers, the touch in each position, and its value in whole
-- ten-thousandths.
SELECT c.conversion, c.group_no,
       min(t.touch) AS first_touch,
       max(t.touch) AS last_touch,
       max(t.touch) FILTER (WHERE t.at <= c.lead_at AND c.lead_at <= c.converted_at) AS lead_touch,
       max(t.touch) FILTER (WHERE t.at <= c.deal_at AND c.deal_at <= c.converted_at) AS deal_touch,
       max(t.touch) FILTER (WHERE t.at <= c.won_at) AS won_touch,
       max(t.touch) FILTER (WHERE t.channel IS DISTINCT FROM 'Direct') AS indirect_touch,
       max(CAST(floor(epoch(t.at)) AS BIGINT)) AS last_second,
       max(CAST(CAST(c.value AS DECIMAL(28, 4)) * 10000 AS BIGINT)) AS amount
FROM conversions AS c
JOIN buying_touches AS t ON t.group_no = c.group_no AND t.at BETWEEN c.window_from AND c.converted_at
GROUP BY c.conversion, c.group_no
