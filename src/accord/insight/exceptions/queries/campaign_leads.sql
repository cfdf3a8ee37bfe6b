-- What became of the leads opened in a span, by the campaign that touched them first: how many are in the audience it is
-- meant for, how many were handed over to sales, how many sales gave back since, and the reason given most often.
-- Parameters: since, until. The numbers are those of the campaigns' report.
WITH found AS (
    SELECT
        coalesce(labels.label, leads.campaign) AS campaign,
        leads.segment,
        leads.qualified_at IS NOT NULL OR returns.lead IS NOT NULL AS handed,
        returns.lead IS NOT NULL AS returned,
        returns.reason
    FROM leads
    LEFT JOIN campaign_labels AS labels ON leads.campaign = labels.campaign_id
    LEFT JOIN lead_returns AS returns ON leads.lead = returns.lead
    WHERE leads.known AND leads.opened_at >= $1 AND leads.opened_at < $2
), named AS (
    SELECT lower(name) AS campaign, max(name) AS name
    FROM facts.campaigns
    GROUP BY lower(name)
), totals AS (
    SELECT
        found.campaign,
        coalesce(max(named.name), found.campaign) AS name,
        max(profiles.audience) AS audience,
        count(*) AS leads,
        count(*) FILTER (WHERE found.segment = profiles.audience) AS in_audience,
        count(*) FILTER (WHERE handed) AS handed,
        count(*) FILTER (WHERE returned) AS returned
    FROM found
    LEFT JOIN named ON found.campaign = named.campaign
    LEFT JOIN campaign_profiles AS profiles ON found.campaign = profiles.campaign
    GROUP BY found.campaign
), reasons AS (
    SELECT
        campaign,
        reason,
        count(*) AS leads,
        row_number() OVER (PARTITION BY campaign ORDER BY count(*) DESC, reason) AS nth
    FROM found
    WHERE returned AND reason IS NOT NULL
    GROUP BY campaign, reason
)
SELECT totals.*, reasons.reason, reasons.leads AS reason_count
FROM totals
LEFT JOIN reasons ON totals.campaign IS NOT DISTINCT FROM reasons.campaign AND reasons.nth = 1
ORDER BY totals.returned DESC, totals.campaign
