-- The floor under the build: recency, frequency and value per review date and customer, for each line held and for all lines ('group'),
-- straight from the landed Parquet in one query. It computes what customer_rfm_lines_history and customer_rfm_history compute (r_days,
-- f_value, m_value, by docs/rules.md) and nothing else: no screening, no rejections, no explanations, no scores, no tiers.
--
-- Variables: `landing` and `policy` (folders), `review_dates` (a list of dates).
--
-- It takes clean data as the sample generator writes it, and these liberties:
--   * no row is wrong or delivered twice; transactions come from one source system, and every refund names a sale that was delivered;
--   * all timestamps are in UTC (an offset in the text is not looked at), and business time is UTC+8 all year round;
--   * money fits 2^53 cents: whole cents in doubles are exact, and products with rates in millionths round as decimals do;
--   * one version of the policy, the one in force at the last review, holds for all reviews; a quoted exchange rate is never too old;
--   * an occasion that was undone and then came back, by a sale recorded a review later, counts in between as well.

with

-- The review dates, numbered; and for every day the first review that could know what became known that day.
reviews as (
    select
        as_of_date,
        row_number() over (order by as_of_date) as review
    from (select unnest(getvariable('review_dates')) as as_of_date)
),

days as (
    select
        cast(calendar.day as date) as day,
        reviews.review
    from (select unnest(generate_series(date '1990-01-01', max(as_of_date), interval 1 day)) as day from reviews) as calendar
    asof join reviews on calendar.day <= reviews.as_of_date
),

policy as (
    select
        lob,
        is_contractual,
        occasion_basis = 'contract' as is_by_contract,
        recognition_months,
        rfm_window_days,
        default_margin_rate as margin_rate
    from read_csv(
        getvariable('policy') || '/policy_lobs.csv',
        types = {'effective_to': 'date', 'rfm_window_days': 'integer', 'recognition_months': 'integer'}
    )
    where
        scenario_id = 'live'
        and (select max(as_of_date) from reviews) >= effective_from
        and (effective_to is null or (select max(as_of_date) from reviews) < effective_to)
),

grace as (
    select cast(value as integer) as grace_days
    from read_csv(getvariable('policy') || '/policy_parameters.csv', types = {'effective_to': 'date'})
    where
        scenario_id = 'live'
        and parameter = 'overdue_grace_days'
        and (select max(as_of_date) from reviews) >= effective_from
        and (effective_to is null or (select max(as_of_date) from reviews) < effective_to)
),

quotes as (
    select
        currency,
        cast(rate_date as date) as day,
        cast(rate_to_reporting as double) as rate
    from read_parquet(getvariable('landing') || '/fx_rates/*.parquet', union_by_name = true)
),

rates as (
    select
        wanted.currency,
        wanted.day,
        quotes.rate
    from (select currency, day from (select distinct currency from quotes) cross join days) as wanted
    asof join quotes on wanted.currency = quotes.currency and wanted.day >= quotes.day

    union all

    select 'CNY', day, 1 from days
),

products as (
    select
        product_id,
        cast(default_margin_rate as double) as margin_rate
    from read_parquet(getvariable('landing') || '/products/*.parquet', union_by_name = true)
    qualify row_number() over (partition by product_id order by recorded_at desc nulls last, _file desc, _line desc) = 1
),

-- Margins in millionths.
facts as (
    select
        facts.txn_id,
        facts.original_txn_id,
        facts.customer_id,
        facts.lob,
        facts.currency,
        facts.direction,
        case facts.txn_type
            when 'purchase' then 'sale'
            when 'bill' then 'sale'
            when 'adjustment' then 'adjustment'
            else 'reversal'
        end as role,
        coalesce(facts.contract_id, facts.order_id) as reference,
        round(cast(facts.amount as double) * 100) as cents,
        round(cast(facts.cost_amount as double) * 100) as cost,
        rates.rate,
        case
            when cost is not null and cents <> 0 then greatest(floor((2e6 * (cents - cost) + cents) / (2 * cents)), -1e8)
            else round(1e6 * coalesce(products.margin_rate, policy.margin_rate))
        end as margin,
        cast(facts.event_at as timestamp) as event_at,
        cast(cast(facts.event_at as timestamp) + interval 8 hours as date) as event_date,
        greatest(event_date, cast(cast(facts.recorded_at as timestamp) + interval 8 hours as date)) as known_on,
        case
            when facts.paid_at is not null then cast(cast(facts.paid_at as timestamp) + interval 8 hours as date)
            when facts.payment_status = 'paid' or (facts.payment_status is null and facts.due_date is null) then event_date
        end as paid_on,
        cast(facts.due_date as date) as due_date
    from read_parquet(getvariable('landing') || '/transactions/*.parquet', union_by_name = true) as facts
    left join products on facts.product_id = products.product_id
    left join policy on facts.lob = policy.lob
    left join rates
        on facts.currency = rates.currency and cast(cast(facts.event_at as timestamp) + interval 8 hours as date) = rates.day
    where facts.payment_status is distinct from 'void' and facts.txn_type not in ('deposit', 'deposit_return')
),

-- Refunds in the order they became known, each taking what is left of its sale.
refunds as (
    select
        sales.txn_id,
        sales.customer_id,
        sales.lob,
        sales.event_date,
        sales.rate,
        sales.margin,
        greatest(refunds.known_on, sales.known_on) as known_on,
        case
            when refunds.currency = sales.currency then refunds.cents
            else floor(refunds.cents * rates.rate / sales.rate + 0.5)
        end as refund,
        sum(refund) over (
            partition by sales.txn_id
            order by refunds.known_on, refunds.event_at, refunds.txn_id
            rows unbounded preceding
        ) as refunded,
        greatest(sales.cents - refunded + refund, 0) as cents_before,
        greatest(sales.cents - refunded, 0) as cents_after
    from facts as refunds
    inner join facts as sales
        on refunds.original_txn_id = sales.txn_id and refunds.customer_id = sales.customer_id and sales.role = 'sale'
    left join rates on refunds.currency = rates.currency and sales.event_date = rates.day
    where refunds.role = 'reversal'
),

postings as (
    select
        customer_id,
        lob,
        event_date as value_date,
        known_on,
        round(round(cents * rate) * margin / 1e6) * case when direction = 'credit' then -1 else 1 end as contribution
    from facts
    where role <> 'reversal'

    union all

    select
        customer_id,
        lob,
        event_date,
        known_on,
        round(round(cents_after * rate) * margin / 1e6) - round(round(cents_before * rate) * margin / 1e6)
    from refunds
),

-- A posting counts from the review that knows it, while any of its recognition lies in the last 365 days.
recognised as (
    select
        reviews.as_of_date,
        known.customer_id,
        known.lob,
        sum(
            known.contribution
            * (least(known.value_until, reviews.as_of_date + 1) - greatest(known.value_date, reviews.as_of_date - 364))
            / (known.value_until - known.value_date)
        ) / 100 as m_value
    from (
        select
            postings.*,
            days.review,
            cast(value_date + to_months(policy.recognition_months) as date) as value_until
        from postings
        inner join policy using (lob)
        inner join days on postings.known_on = days.day
    ) as known
    inner join reviews on known.review <= reviews.review and known.value_until > reviews.as_of_date - 364
    group by all
),

-- Sales above 0: seen so from the first review that knows the sale, until the first that knows it undone (1000: never).
sales as (
    select
        facts.customer_id,
        facts.lob,
        facts.reference,
        facts.event_date,
        facts.paid_on,
        facts.due_date,
        days.review as seen_from,
        coalesce(undone.review, 1000) as seen_until
    from facts
    inner join days on facts.known_on = days.day
    left join (
        select
            txn_id,
            min(review) as review
        from refunds
        inner join days on refunds.known_on = days.day
        where round(cents_after * rate) = 0
        group by all
    ) as undone using (txn_id)
    where facts.role = 'sale' and round(facts.cents * facts.rate) > 0
),

-- Purchase occasions. The date of one that is a contract may change from review to review: these are looked at one by one.
occasions as (
    select
        customer_id,
        lob,
        event_date as occasion_date,
        min(seen_from) as seen_from,
        max(seen_until) as seen_until
    from sales
    inner join policy using (lob)
    where seen_from < seen_until and (not is_by_contract or reference is null)
    group by customer_id, lob, event_date, reference

    union all

    select
        customer_id,
        lob,
        min(event_date),
        review,
        review + 1
    from sales
    inner join policy using (lob)
    inner join reviews on sales.seen_from <= reviews.review
    where is_by_contract and reference is not null
    group by customer_id, lob, reference, review
    having bool_or(review < seen_until)
),

held as (
    select
        reviews.as_of_date,
        alike.customer_id,
        alike.lob,
        min(alike.first_date) as first_date,
        max(alike.last_date) as last_date,
        sum(alike.occasions) as occasions,
        sum(alike.occasions) filter (reviews.review < alike.window_until) as occasions_in_window,
        sum(alike.occasions) filter (reviews.review < alike.months_until) as occasions_24m
    from (
        select
            customer_id,
            lob,
            seen_from,
            seen_until,
            coalesce(window_ends.review, 1000) as window_until,
            coalesce(months_end.review, 1000) as months_until,
            min(occasion_date) as first_date,
            max(occasion_date) as last_date,
            count(*) as occasions
        from occasions
        inner join policy using (lob)
        left join days as window_ends on occasion_date + rfm_window_days = window_ends.day
        left join days as months_end on occasion_date + 730 = months_end.day
        group by all
    ) as alike
    inner join reviews on alike.seen_from <= reviews.review and reviews.review < alike.seen_until
    group by all
),

-- Lines with contracts: bills paid and overdue, contracts running.
bills as (
    select
        sales.customer_id,
        sales.lob,
        12 * year(event_date) + month(event_date) as billing_month,
        event_date,
        paid_on,
        seen_until,
        greatest(seen_from, coalesce(paid.review, 1000)) as paid_from,
        greatest(seen_from, coalesce(late.review, 1000)) as late_from,
        least(seen_until, coalesce(paid.review, 1000)) as late_until
    from sales
    inner join policy on sales.lob = policy.lob and policy.is_contractual
    cross join grace
    left join days as paid on paid_on = paid.day
    left join days as late on due_date + grace_days + 1 = late.day
),

-- The months paid of the last twelve are the bits of one number.
payments as (
    select
        reviews.as_of_date,
        months.customer_id,
        months.lob,
        max(months.paid_on) as last_paid_on,
        bit_count(bit_or(case
            when months.event_date > reviews.as_of_date - interval 12 months
                then 1 << (months.billing_month - 12 * year(reviews.as_of_date) - month(reviews.as_of_date) + 12)
            else 0
        end)) as months_paid
    from (
        select
            customer_id,
            lob,
            billing_month,
            paid_from,
            seen_until,
            max(event_date) as event_date,
            max(paid_on) as paid_on
        from bills
        where paid_from < seen_until
        group by all
    ) as months
    inner join reviews on months.paid_from <= reviews.review and reviews.review < months.seen_until
    group by all
),

overdue as (
    select distinct
        reviews.as_of_date,
        bills.customer_id,
        bills.lob
    from bills
    inner join reviews on bills.late_from <= reviews.review and reviews.review < bills.late_until
    where bills.late_from < bills.late_until
),

contracts as (
    select
        reviews.as_of_date,
        versions.customer_id,
        versions.lob,
        bool_or(active_from <= as_of_date and (active_until is null or as_of_date <= active_until)) as is_active,
        min(active_from) as first_start,
        max(active_until) filter (active_until <= as_of_date) as last_end
    from (
        select
            customer_id,
            lob,
            status,
            coalesce(cast(start_date as date), cast(cast(signed_at as timestamp) + interval 8 hours as date)) as active_from,
            least(cast(end_date as date), cast(cast(cancelled_at as timestamp) + interval 8 hours as date)) as active_until,
            cast(cast(recorded_at as timestamp) + interval 8 hours as date) as known_on,
            lead(known_on) over (partition by contract_id order by recorded_at, _file, _line) as known_until
        from read_parquet(getvariable('landing') || '/contracts/*.parquet', union_by_name = true)
    ) as versions
    inner join reviews on versions.known_on <= as_of_date and (versions.known_until is null or as_of_date < versions.known_until)
    where versions.status <> 'subscribed'
    group by all
),

-- Customers who are not graded, and at which reviews.
excluded as (
    select
        reviews.as_of_date,
        versions.customer_id
    from (
        select
            customer_id,
            cast(cast(coalesce(recorded_at, updated_at, created_at) as timestamp) + interval 8 hours as date) as known_on,
            lead(known_on) over recording as known_until,
            last_value(status ignore nulls) over recording as status,
            last_value(profiling_consent ignore nulls) over recording as profiling_consent
        from read_parquet(getvariable('landing') || '/customers/*.parquet', union_by_name = true)
        window recording as (partition by customer_id order by coalesce(recorded_at, updated_at, created_at), _file, _line)
    ) as versions
    inner join reviews on versions.known_on <= as_of_date and (versions.known_until is null or as_of_date < versions.known_until)
    where versions.status <> 'active' or versions.profiling_consent in ('false', '否')
),

measured as (
    select
        held.as_of_date,
        held.customer_id,
        held.lob,
        coalesce(contracts.is_active, false) as has_contract,
        date_diff(
            'month',
            greatest(least(first_date, first_start), cast(as_of_date - interval 12 months as date) + 1),
            case when not has_contract and last_end < as_of_date then last_end else as_of_date end
        ) + 1 as exposed_months,
        case
            when not policy.is_contractual then as_of_date - last_date
            when has_contract and overdue.customer_id is null then 0
            else as_of_date - greatest(first_date, last_paid_on, last_end)
        end as r_days,
        case
            when policy.is_contractual
                then least(12, round(12e0 * coalesce(months_paid, 0) / greatest(1, least(12, exposed_months)), 4))
            when policy.rfm_window_days is null then occasions
            else coalesce(occasions_in_window, 0)
        end as f_value,
        coalesce(m_value, 0) as m_value,
        coalesce(occasions_24m, 0) as occasions_24m
    from held
    inner join policy using (lob)
    left join recognised using (as_of_date, customer_id, lob)
    left join payments using (as_of_date, customer_id, lob)
    left join contracts using (as_of_date, customer_id, lob)
    left join overdue using (as_of_date, customer_id, lob)
    anti join excluded using (as_of_date, customer_id)
)

select
    as_of_date,
    customer_id,
    lob,
    r_days,
    f_value,
    m_value
from measured

union all

select
    as_of_date,
    customer_id,
    'group',
    min(r_days),
    sum(occasions_24m),
    sum(m_value)
from measured
group by all
