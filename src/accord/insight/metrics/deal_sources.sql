-- The team that found a deal's company: that of the first counted human touch or activity of anyone at the account
-- (without an account, of the deal's persons) who was not excluded then, at or before the deal was made.
WITH people_of AS (
    SELECT deal, person FROM deals_counted WHERE account IS NULL AND person IS NOT NULL
    UNION
    SELECT d.deal, p.person
    FROM deals_counted AS d
    JOIN deal_persons AS p ON p.deal = d.deal
    WHERE d.account IS NULL AND p.person IS NOT NULL
), found AS (
    SELECT d.deal, t.at, t.fact_id, t.person, t.team, t.channel
    FROM deals_counted AS d
    JOIN timeline AS t ON t.account = d.account AND t.at <= d.created_at
    WHERE t.counted AND t.quality = 'human'
    UNION ALL
    SELECT d.deal, t.at, t.fact_id, t.person, t.team, t.channel
    FROM people_of AS p
    JOIN deals_counted AS d ON d.deal = p.deal
    JOIN timeline AS t ON t.person = p.person AND t.at <= d.created_at
    WHERE t.counted AND t.quality = 'human'
), ranked AS (
    SELECT found.*, row_number() OVER (PARTITION BY found.deal ORDER BY found.at, found.fact_id) AS nth
    FROM found
    ANTI JOIN excluded_spans AS x
        ON x.person = found.person AND found.at >= x.from_at AND found.at < x.until_at
)
SELECT deal, team, channel, ranked.at, fact_id
FROM ranked
WHERE nth = 1
