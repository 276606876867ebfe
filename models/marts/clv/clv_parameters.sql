-- One row per review date, line with a purchase model, and model fitted to it: the parameters, how sure they are, whether they are used.

select
    fits.as_of_date,
    fits.lob,
    fits.model,
    case when fits.doubt is null then 'fitted' else 'not_identifiable' end as status,
    fits.doubt as status_reason,
    fits.model in ('gamma_gamma', lobs.purchase_model) as is_chosen,
    fits.customer_count,
    fits.r,
    fits.r_se,
    fits.alpha,
    fits.alpha_se,
    fits.a,
    fits.a_se,
    fits.b,
    fits.b_se,
    fits.p,
    fits.p_se,
    fits.q,
    fits.q_se,
    fits.v,
    fits.v_se,
    fits.log_likelihood,
    fits.passes

from {{ ref('int_clv_fits_judged') }} as fits
inner join {{ ref('int_lobs_in_force') }} as lobs
    on fits.as_of_date = lobs.as_of_date and fits.lob = lobs.lob

where {{ is_shown('fits.as_of_date') }}
