WITH placed AS (
    SELECT d.*,
           coalesce(d.created_at >= a.start_at AND d.created_at < a.end_at, FALSE) AS opened_in,
           coalesce(d.status <> 'open' AND d.closed_at >= a.start_at AND d.closed_at < a.end_at, FALSE) AS closed_in,
           coalesce(d.created_at < a.end_at AND (d.status = 'open' OR d.closed_at >= a.end_at), FALSE) AS open_at_end
    FROM chosen_deals AS d
    CROSS JOIN asked AS a
)
SELECT count(*) FILTER (WHERE opened_in) AS opened,
       count(*) FILTER (WHERE opened_in AND value IS NOT NULL) AS opened_valued,
       coalesce(sum(value) FILTER (WHERE opened_in), 0) AS opened_value,
       coalesce(sum(value) FILTER (WHERE opened_in AND found_by = 'marketing'), 0) AS marketing_value,
       coalesce(sum(value) FILTER (WHERE opened_in AND found_by = 'sales'), 0) AS sales_value,
       count(*) FILTER (WHERE opened_in AND found_by IS NULL) AS found_by_nobody,
       count(*) FILTER (WHERE open_at_end) AS open_at_end,
       coalesce(sum(value) FILTER (WHERE open_at_end), 0) AS open_value,
       count(*) FILTER (WHERE closed_in) AS closed,
       count(*) FILTER (WHERE closed_in AND status = 'won') AS won,
       count(*) FILTER (WHERE closed_in AND status = 'won' AND value IS NOT NULL) AS won_valued,
       coalesce(sum(value) FILTER (WHERE closed_in AND status = 'won'), 0) AS won_value,
       count(*) FILTER (WHERE closed_in AND first_win) AS new_customers,
       median((epoch(closed_at) - epoch(created_at)) / 86400.0)
           FILTER (WHERE closed_in AND status = 'won') AS cycle_days,
       count(*) FILTER (WHERE created_at IS NULL OR (status <> 'open' AND closed_at IS NULL)) AS undated
FROM placed
