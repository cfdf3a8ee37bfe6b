WITH placed AS (
    SELECT s.span, d.*,
           coalesce(d.created_at >= s.start_at AND d.created_at < s.end_at, FALSE) AS opened_in,
           coalesce(d.status <> 'open' AND d.closed_at >= s.start_at AND d.closed_at < s.end_at, FALSE) AS closed_in,
           coalesce(d.created_at < s.end_at AND (d.status = 'open' OR d.closed_at >= s.end_at), FALSE) AS open_at_end
    FROM chosen_deals AS d
    CROSS JOIN board_spans AS s
), found AS (
    SELECT span, filter,
           count(*) FILTER (WHERE opened_in) AS opened,
           count(*) FILTER (WHERE opened_in AND value IS NOT NULL) AS opened_valued,
           sum(value) FILTER (WHERE opened_in) AS opened_value,
           sum(value) FILTER (WHERE opened_in AND found_by = 'marketing') AS marketing_value,
           sum(value) FILTER (WHERE opened_in AND found_by = 'sales') AS sales_value,
           count(*) FILTER (WHERE opened_in AND found_by IS NULL) AS found_by_nobody,
           count(*) FILTER (WHERE open_at_end) AS open_at_end,
           sum(value) FILTER (WHERE open_at_end) AS open_value,
           count(*) FILTER (WHERE closed_in) AS closed,
           count(*) FILTER (WHERE closed_in AND status = 'won') AS won,
           count(*) FILTER (WHERE closed_in AND status = 'won' AND value IS NOT NULL) AS won_valued,
           sum(value) FILTER (WHERE closed_in AND status = 'won') AS won_value,
           count(*) FILTER (WHERE closed_in AND first_win) AS new_customers,
           median((epoch(closed_at) - epoch(created_at)) / 86400.0)
               FILTER (WHERE closed_in AND status = 'won') AS cycle_days
    FROM placed
    WHERE opened_in OR closed_in OR open_at_end
    GROUP BY span, filter
), undated AS (
    SELECT filter, count(*) AS deals
    FROM chosen_deals
    WHERE created_at IS NULL OR (status <> 'open' AND closed_at IS NULL)
    GROUP BY filter
)
SELECT a.span, a.filter,
       coalesce(d.opened, 0) AS opened, coalesce(d.opened_valued, 0) AS opened_valued,
       coalesce(d.opened_value, 0) AS opened_value, coalesce(d.marketing_value, 0) AS marketing_value,
       coalesce(d.sales_value, 0) AS sales_value, coalesce(d.found_by_nobody, 0) AS found_by_nobody,
       coalesce(d.open_at_end, 0) AS open_at_end, coalesce(d.open_value, 0) AS open_value,
       coalesce(d.closed, 0) AS closed, coalesce(d.won, 0) AS won, coalesce(d.won_valued, 0) AS won_valued,
       coalesce(d.won_value, 0) AS won_value, coalesce(d.new_customers, 0) AS new_customers, d.cycle_days,
       coalesce(u.deals, 0) AS undated
FROM asked AS a
LEFT JOIN found AS d ON d.span = a.span AND d.filter = a.filter
LEFT JOIN undated AS u ON u.filter = a.filter
