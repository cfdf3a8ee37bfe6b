-- Parameters: by (channel or campaign), milestone, start, end, segment (or null). Credit by rules of each buyer: what
-- is drawn anew together is all that one company (without one, deal or person) converted.
WITH asked AS (
    SELECT
        c.conversion, c.value,
        CASE
            WHEN c.account IS NOT NULL THEN c.account * 3 + 1
            WHEN c.deal IS NOT NULL THEN c.deal * 3 + 2
            ELSE c.person * 3
        END AS unit_no
    FROM conversions AS c
    LEFT JOIN leads AS l ON l.lead = c.lead
    WHERE c.milestone = $2 AND c.converted_at >= $3 AND c.converted_at < $4
        AND (CAST($5 AS VARCHAR) IS NULL OR l.segment = $5)
)
SELECT
    k.model, a.unit_no,
    CASE
        WHEN k.touch IS NULL THEN '(none)'
        WHEN $1 = 'channel' THEN coalesce(t.channel, CASE WHEN t.team = 'sales' THEN '(sales)' ELSE '(not set)' END)
        ELSE coalesce(n.label, t.campaign, CASE WHEN t.team = 'sales' THEN '(sales)' ELSE '(not set)' END)
    END AS label,
    CAST(sum(k.share) AS DOUBLE) AS conversions,
    CAST(coalesce(sum(k.value), 0) AS DOUBLE) AS value,
    count(DISTINCT k.conversion) AS journeys
FROM credits AS k
JOIN asked AS a ON a.conversion = k.conversion
LEFT JOIN buying_touches AS t ON t.touch = k.touch
LEFT JOIN campaign_labels AS n ON n.campaign_id = t.campaign
GROUP BY 1, 2, 3
