-- What of cost and touches finds no match: each campaign, with sums and the first and last moment. Parameters: start, end.
WITH spent AS (
    SELECT s.*, coalesce(s.campaign, '(not set)') AS named
    FROM spend_values AS s
    WHERE s.at >= $1 AND s.at < $2
), touched AS (
    SELECT t.campaign AS named, CAST(sum(t.touches) AS BIGINT) AS touches,
           min(t.first_at) AS first_at, max(t.last_at) AS last_at
    FROM touched_months AS t
    WHERE t.at >= $1 AND t.at < $2
    GROUP BY t.campaign
), found AS (
    SELECT 'spend without a campaign' AS what, named, currency, count(*) AS rows, sum(amount) AS amount,
           sum(value) AS value, min("at") AS first_at, max("at") AS last_at
    FROM spent WHERE campaign IS NULL GROUP BY named, currency
    UNION ALL
    SELECT 'spend without a channel', named, currency, count(*), sum(amount), sum(value), min("at"), max("at")
    FROM spent WHERE channel IS NULL GROUP BY named, currency
    UNION ALL
    SELECT 'spend ' || unvalued, named, currency, count(*), sum(amount), sum(value), min("at"), max("at")
    FROM spent WHERE unvalued IS NOT NULL GROUP BY unvalued, named, currency
    UNION ALL
    SELECT 'spend on a campaign without a touch', named, currency, count(*), sum(amount), sum(value),
           min("at"), max("at")
    FROM spent WHERE campaign IS NOT NULL AND named NOT IN (SELECT named FROM touched) GROUP BY named, currency
    UNION ALL
    SELECT 'touches of a campaign without spend', named, NULL, touches, NULL, NULL, first_at, last_at
    FROM touched WHERE named NOT IN (SELECT named FROM spent)
)
SELECT what, named AS campaign, rows, CAST(amount AS DECIMAL(38, 4)) AS amount, currency,
       CAST(value AS DECIMAL(38, 4)) AS value, first_at, last_at
FROM found
ORDER BY what, coalesce(value, amount, rows) DESC, campaign, currency
