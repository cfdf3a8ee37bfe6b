-- When each person was excluded by the agreement, by what was known of them at the time: what they did then earns no
-- credit. Who is excluded now, as a customer is, keeps the credit of what was done before.
SELECT person, from_at, until_at
FROM lead_states
WHERE excluded_by IS NOT NULL
