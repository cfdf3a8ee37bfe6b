-- The leads: one person in one cycle, from the event that opened it to the one that ended it. A deal won while
-- no cycle is open makes one of that moment, so no win is lost.
WITH opened AS (
    SELECT
        person,
        turns.at,
        CASE WHEN ends = 1 THEN 'deal' ELSE what END AS opened_by,
        row_number() OVER (PARTITION BY person ORDER BY turns.at, ends) AS cycle_no
    FROM cycle_turns AS turns
    WHERE coalesce(ends_before, 1) = 1 AND (ends = 0 OR what = 'won')
), ended AS (
    SELECT
        person,
        turns.at,
        what AS closed_by,
        row_number() OVER (PARTITION BY person ORDER BY turns.at) AS cycle_no
    FROM cycle_turns AS turns
    WHERE ends = 1 AND (coalesce(ends_before, 1) = 0 OR what = 'won')
), turning AS (
    SELECT DISTINCT person FROM cycle_closings
), together AS (
    SELECT first_events.person, 1 AS cycle_no, first_events.at AS opened_at, first_events.opened_by,
        CAST(NULL AS TIMESTAMP) AS closed_at, CAST(NULL AS VARCHAR) AS closed_by
    FROM first_events
    ANTI JOIN turning ON first_events.person = turning.person
    UNION ALL
    SELECT opened.person, opened.cycle_no, opened.at AS opened_at, opened.opened_by, ended.at AS closed_at,
        ended.closed_by
    FROM opened
    LEFT JOIN ended ON opened.person = ended.person AND opened.cycle_no = ended.cycle_no
)
SELECT
    row_number() OVER (ORDER BY together.person, together.cycle_no) AS lead,
    together.person,
    together.cycle_no,
    people.account,
    together.opened_at,
    together.opened_by,
    together.closed_at,
    together.closed_by,
    together.opened_at AS from_at,
    coalesce(together.closed_at + INTERVAL 1 MICROSECOND, TIMESTAMP '9999-12-31') AS until_at
FROM together
JOIN people ON together.person = people.person
