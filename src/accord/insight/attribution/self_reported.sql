-- Parameters: an own field of people (or null: the source the tool keeps), start, end, segment and channel (or null).
-- The known leads opened in the span by what they said and by the channel of their first touch, with what they won.
WITH won AS (
    SELECT dl.lead, count(*) AS deals, sum(v.value) AS value
    FROM deal_leads AS dl
    JOIN deals_counted AS d ON d.deal = dl.deal AND d.status = 'won'
    LEFT JOIN deal_values AS v ON v.deal = d.deal
    GROUP BY dl.lead
), told AS (
    SELECT
        l.lead, l.channel, l.qualified_at,
        CASE
            WHEN CAST($1 AS VARCHAR) IS NULL THEN l.lead_source
            ELSE json_extract_string(p.fields, '$.' || CAST($1 AS VARCHAR))
        END AS reported
    FROM leads AS l
    JOIN people AS p ON p.person = l.person
    WHERE l.known AND l.opened_at >= $2 AND l.opened_at < $3
        AND (CAST($4 AS VARCHAR) IS NULL OR l.segment = $4)
        AND (CAST($5 AS VARCHAR) IS NULL OR l.channel = $5)
)
SELECT
    CASE WHEN t.reported IS NULL OR trim(t.reported) = '' THEN '(not said)' ELSE trim(t.reported) END AS reported,
    coalesce(t.channel, '(no touch)') AS tracked,
    count(*) AS leads,
    count(t.qualified_at) AS qualified,
    CAST(coalesce(sum(w.deals), 0) AS BIGINT) AS won,
    CAST(coalesce(sum(w.value), 0) AS DECIMAL(38, 4)) AS won_value
FROM told AS t
LEFT JOIN won AS w ON w.lead = t.lead
GROUP BY 1, 2
ORDER BY leads DESC, reported, tracked
