-- Parameters: by (channel or campaign), start, end, segment (or null). Of each local month in the span: the known leads
-- opened in it by where their first touch came from, and what they won, by how many months later it was closed.
WITH months AS (
    SELECT label, starts_utc, ends_utc, row_number() OVER (ORDER BY starts_utc) AS month_no
    FROM periods
    WHERE kind = 'month'
), opened AS (
    SELECT
        m.month_no, m.label AS month, l.lead,
        CASE CAST($1 AS VARCHAR)
            WHEN 'channel' THEN coalesce(l.channel, '(not set)')
            ELSE coalesce(n.label, l.campaign, '(not set)')
        END AS label
    FROM leads AS l
    JOIN months AS m ON l.opened_at >= m.starts_utc AND l.opened_at < m.ends_utc
    LEFT JOIN campaign_labels AS n ON n.campaign_id = l.campaign
    WHERE l.known AND m.starts_utc >= $2 AND m.starts_utc < $3
        AND (CAST($4 AS VARCHAR) IS NULL OR l.segment = $4)
), won AS (
    SELECT dl.lead, c.month_no, count(*) AS deals, sum(v.value) AS value
    FROM deal_leads AS dl
    JOIN deals_counted AS d ON d.deal = dl.deal AND d.status = 'won'
    JOIN months AS c ON d.closed_at >= c.starts_utc AND d.closed_at < c.ends_utc
    LEFT JOIN deal_values AS v ON v.deal = d.deal
    GROUP BY dl.lead, c.month_no
), wins AS (
    SELECT o.month, o.label, w.month_no - o.month_no AS months_later, sum(w.deals) AS deals, sum(w.value) AS value
    FROM opened AS o
    JOIN won AS w ON w.lead = o.lead
    GROUP BY 1, 2, 3
), sizes AS (
    SELECT month, label, count(*) AS leads FROM opened GROUP BY month, label
)
SELECT
    s.month, s.label, s.leads, w.months_later,
    CAST(coalesce(w.deals, 0) AS BIGINT) AS deals, CAST(coalesce(w.value, 0) AS DECIMAL(38, 4)) AS value
FROM sizes AS s
LEFT JOIN wins AS w ON w.month = s.month AND w.label = s.label
