-- The places of each conversion's journey: its first and last touch, and the touch in each position.
SELECT c.conversion_no, c.group_no,
       min(t.place) AS first_place,
       max(t.place) AS last_place,
       max(t.place) FILTER (WHERE t.at <= c.lead_at AND c.lead_at <= c.converted_at) AS lead_place,
       max(t.place) FILTER (WHERE t.at <= c.deal_at AND c.deal_at <= c.converted_at) AS deal_place,
       max(t.place) FILTER (WHERE t.at <= c.won_at) AS won_place,
       max(t.place) FILTER (WHERE t.channel IS DISTINCT FROM 'Direct') AS indirect_place,
       max(CAST(floor(epoch(t.at)) AS BIGINT)) AS last_second
FROM conversions AS c
JOIN buying_touches AS t ON t.group_no = c.group_no AND t.at BETWEEN c.window_from AND c.converted_at
GROUP BY c.conversion_no, c.group_no
