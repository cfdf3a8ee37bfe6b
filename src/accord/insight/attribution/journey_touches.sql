-- Every touch of a journey that may earn credit: the same that rules credit (buying_touches), within the window before
-- the journey's end. A company's are those of everyone there; else those of the person, or of the deal's persons.
WITH spans_of_people AS (
    SELECT journey, person, window_from, ended_at FROM journey_spans WHERE account IS NULL AND person IS NOT NULL
    UNION
    SELECT s.journey, p.person, s.window_from, s.ended_at
    FROM journey_spans AS s
    JOIN deal_persons AS p ON p.deal = s.deal
    WHERE s.account IS NULL
), found AS (
    SELECT s.journey, t.at, t.fact_id, t.person, t.team, t.channel, t.campaign
    FROM timeline AS t
    JOIN journey_spans AS s ON t.account = s.account AND t.at BETWEEN s.window_from AND s.ended_at
    WHERE t.counted AND t.quality = 'human' AND t.kind <> 'email_delivered'
        AND t.team IN (SELECT team FROM attribution_teams)
    UNION ALL
    SELECT s.journey, t.at, t.fact_id, t.person, t.team, t.channel, t.campaign
    FROM timeline AS t
    JOIN spans_of_people AS s ON t.person = s.person AND t.at BETWEEN s.window_from AND s.ended_at
    WHERE t.counted AND t.quality = 'human' AND t.kind <> 'email_delivered'
        AND t.team IN (SELECT team FROM attribution_teams)
)
SELECT found.*
FROM found
ANTI JOIN excluded_spans AS x
    ON x.person = found.person AND found.at >= x.from_at AND found.at < x.until_at
