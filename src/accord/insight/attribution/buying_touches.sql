-- Every touch that may earn credit, numbered by buying group and time (ties by fact_id): the touches of one
-- conversion are then an unbroken run of numbers. Cut to the groups with conversions, and their windows, first.
-- What a person did while excluded earns none, and a mail merely delivered is nothing anybody did.
WITH spans AS (
    SELECT group_no, CASE WHEN deal IS NOT NULL THEN account END AS account,
           min(window_from) AS from_at, max(converted_at) AS until_at
    FROM conversions
    GROUP BY group_no, CASE WHEN deal IS NOT NULL THEN account END
), found AS (
    SELECT s.group_no, t.at, t.fact_id, t.person, t.team, t.channel, t.campaign, t.origin, t.asset, t.owner_id
    FROM timeline AS t
    JOIN spans AS s ON t.account = s.account AND t.at BETWEEN s.from_at AND s.until_at
    WHERE t.counted AND t.quality = 'human' AND t.kind <> 'email_delivered'
        AND t.team IN (SELECT team FROM attribution_teams)
    UNION ALL
    SELECT s.group_no, t.at, t.fact_id, t.person, t.team, t.channel, t.campaign, t.origin, t.asset, t.owner_id
    FROM timeline AS t
    JOIN buying_people AS p ON p.person = t.person
    JOIN spans AS s ON s.group_no = p.group_no AND t.at BETWEEN s.from_at AND s.until_at
    WHERE t.counted AND t.quality = 'human' AND t.kind <> 'email_delivered'
        AND t.team IN (SELECT team FROM attribution_teams)
)
SELECT row_number() OVER (ORDER BY found.group_no, found.at, found.fact_id) AS touch, found.*
FROM found
ANTI JOIN excluded_spans AS x
    ON x.person = found.person AND found.at >= x.from_at AND found.at < x.until_at
