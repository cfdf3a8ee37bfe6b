-- What became of each campaign's leads (those it touched first). Parameters: since, until. `leads` were opened then,
-- `qualified` were qualified then, and `returned` are those of them that sales gave back since; `reason` is the one
-- given most often.
WITH known AS (
    SELECT lower(name) AS campaign, max(name) AS name, max(audience) AS audience
    FROM facts.campaigns
    GROUP BY lower(name)
), returns AS (
    SELECT lead, reason, row_number() OVER (PARTITION BY lead ORDER BY nth_last) AS nth
    FROM lead_verdicts
    WHERE verdict = 'returned'
), found AS (
    SELECT
        coalesce(labels.label, leads.campaign) AS campaign,
        leads.opened_at >= $1 AND leads.opened_at < $2 AS opened,
        coalesce(leads.qualified_at >= $1 AND leads.qualified_at < $2, FALSE) AS qualified,
        leads.segment,
        returns.lead IS NOT NULL AS returned,
        returns.reason
    FROM leads
    LEFT JOIN campaign_labels AS labels ON leads.campaign = labels.campaign_id
    LEFT JOIN returns ON leads.lead = returns.lead AND returns.nth = 1
    WHERE leads.known AND (leads.opened_at >= $1 OR leads.qualified_at >= $1)
), totals AS (
    SELECT
        found.campaign,
        coalesce(max(known.name), found.campaign) AS name,
        max(known.audience) AS audience,
        count(*) FILTER (WHERE opened) AS leads,
        count(*) FILTER (WHERE opened AND segment IS NOT NULL) AS in_segments,
        count(*) FILTER (WHERE opened AND segment = known.audience) AS in_audience,
        count(*) FILTER (WHERE qualified) AS qualified,
        count(*) FILTER (WHERE qualified AND returned) AS returned
    FROM found
    LEFT JOIN known ON found.campaign = known.campaign
    GROUP BY found.campaign
), reasons AS (
    SELECT
        campaign,
        reason,
        count(*) AS leads,
        row_number() OVER (PARTITION BY campaign ORDER BY count(*) DESC, reason) AS nth
    FROM found
    WHERE qualified AND returned AND reason IS NOT NULL
    GROUP BY campaign, reason
)
SELECT totals.*, reasons.reason, reasons.leads AS reason_count
FROM totals
LEFT JOIN reasons ON totals.campaign IS NOT DISTINCT FROM reasons.campaign AND reasons.nth = 1
ORDER BY totals.returned DESC, totals.campaign
