-- Companies' domains whose clicks in mails machines make, since a moment: most clicks first. Parameters: since, the
-- least share, clicks and people, how many to name; `domains` and `all_clicks` count all of them.
WITH clicked AS (
    SELECT
        people.email_domain AS domain,
        count(*) AS clicks,
        count(*) FILTER (WHERE events.quality = 'machine') AS machine,
        count(DISTINCT events.person) FILTER (WHERE events.quality = 'machine') AS people
    FROM timeline AS events
    JOIN people ON events.person = people.person
    WHERE
        events.kind = 'email_click'
        AND events.counted
        AND events.at >= $1
        AND people.email_domain IS NOT NULL
        AND NOT people.free_mail
    GROUP BY people.email_domain
)
SELECT domain, machine AS clicks, people, count(*) OVER () AS domains, CAST(sum(machine) OVER () AS BIGINT) AS all_clicks
FROM clicked
WHERE machine >= $2 * clicks AND clicks >= $3 AND people >= $4
ORDER BY machine DESC, domain
LIMIT $5
