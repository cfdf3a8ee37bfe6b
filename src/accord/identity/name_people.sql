-- The person behind each name.
SELECT names.actor, names.kind_no, owners.person
FROM names
JOIN name_owners AS owners ON names.name_no = owners.name_no
