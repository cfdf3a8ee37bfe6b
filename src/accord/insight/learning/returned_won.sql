-- Leads sales gave back whose person or company bought later all the same, in a deal made after that.
WITH returned AS (
    SELECT verdicts.lead, verdicts."at", verdicts.reason, verdicts.owner_id
    FROM lead_verdicts AS verdicts
    WHERE verdicts.verdict = 'returned' AND verdicts."at" >= $1
), bought AS (
    SELECT returned.lead, returned."at", deals.deal, deals.closed_at
    FROM returned
    JOIN leads ON returned.lead = leads.lead
    JOIN deals_counted AS deals ON leads.account = deals.account OR leads.person = deals.person
    WHERE deals.status = 'won' AND deals.created_at > returned."at"
), first_won AS (
    SELECT
        lead, "at", deal, closed_at,
        row_number() OVER (PARTITION BY lead, "at" ORDER BY closed_at, deal) AS nth
    FROM bought
)
SELECT
    people.person_id,
    listed.name,
    listed.company,
    returned.reason,
    returned."at" AS returned_at,
    coalesce(owners.name, returned.owner_id) AS returned_by,
    first_won.closed_at AS won_at
FROM first_won
JOIN returned ON first_won.lead = returned.lead AND first_won."at" = returned."at"
JOIN leads ON returned.lead = leads.lead
JOIN people ON leads.person = people.person
LEFT JOIN lead_list AS listed ON returned.lead = listed.lead
LEFT JOIN owner_names AS owners ON returned.owner_id = owners.owner_id
WHERE first_won.nth = 1
ORDER BY first_won.closed_at DESC, people.person_id
