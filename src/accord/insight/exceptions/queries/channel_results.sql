-- By channel of the first touch, the leads opened in a span, how many of them made a deal since, and what the channel
-- cost in that span. Parameters: since, until.
WITH converted AS (
    SELECT DISTINCT entries.lead
    FROM stage_entries AS entries
    JOIN stages ON entries.stage = stages.stage
    WHERE entries.basis = 'agreement' AND stages.enter IN ('deal_open', 'deal_won')
), costs AS (
    SELECT channel, sum(value) AS cost
    FROM spend_values AS spend
    WHERE spend.at >= $1 AND spend.at < $2 AND channel IS NOT NULL
    GROUP BY channel
), results AS (
    SELECT leads.channel, count(*) AS leads, count(converted.lead) AS converted
    FROM leads
    LEFT JOIN converted ON leads.lead = converted.lead
    WHERE leads.known AND leads.channel IS NOT NULL AND leads.opened_at >= $1 AND leads.opened_at < $2
    GROUP BY leads.channel
)
SELECT results.*, coalesce(costs.cost, 0) AS cost
FROM results
LEFT JOIN costs ON results.channel = costs.channel
ORDER BY results.channel
