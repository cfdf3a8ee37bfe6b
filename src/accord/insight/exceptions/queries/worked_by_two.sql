-- Open leads that two sellers work on side by side, the last worked first. Parameter: how many to name; `leads` counts
-- all of them, `owner_name` is the lead's own owner.
SELECT lead, person_id, owner_name, count(*) OVER () AS leads
FROM lead_list
WHERE worked_by_two AND closed_at IS NULL
ORDER BY last_activity_at DESC, lead
LIMIT $1
