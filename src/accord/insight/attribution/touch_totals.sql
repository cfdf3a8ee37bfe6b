-- Credit of one milestone by content (the piece touched) or person (who of sales it was), for reports that roll-ups are
-- too coarse for. Parameters: by, milestone, start, end, segment and channel (or null).
SELECT CASE WHEN k.touch IS NULL THEN '(none)'
            WHEN $1 = 'content' THEN coalesce(t.asset, CASE WHEN t.team = 'sales' THEN '(sales)' ELSE '(not set)' END)
            ELSE coalesce(o.name, t.owner_id, CASE WHEN t.team = 'sales' THEN '(not set)' ELSE '(marketing)' END)
            END AS label,
       k.model, sum(k.share) AS conversions, CAST(sum(k.value) AS DECIMAL(38, 4)) AS value
FROM credits AS k
JOIN conversions AS c ON c.conversion = k.conversion
LEFT JOIN leads AS l ON l.lead = c.lead
LEFT JOIN buying_touches AS t ON t.touch = k.touch
LEFT JOIN owner_names AS o ON o.owner_id = t.owner_id
WHERE c.milestone = $2 AND c.converted_at >= $3 AND c.converted_at < $4
    AND (CAST($5 AS VARCHAR) IS NULL OR l.segment = $5)
    AND (CAST($6 AS VARCHAR) IS NULL OR t.channel = $6)
GROUP BY 1, 2
