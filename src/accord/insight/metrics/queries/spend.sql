SELECT count(*) AS costs, coalesce(sum(value), 0) AS total
FROM chosen_spend
