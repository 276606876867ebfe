-- One row per landed line of referrals whose key was delivered before: a repeat of the same content, or, recorded at one time, a conflict.

{{ repeated_rows(
    ref('stg_raw__referrals'),
    key_columns=['source_system', 'referral_id'],
    content_columns=[
        'referrer_customer_id', 'referee_customer_id', 'referee_contact_hash', 'project_id', 'claimed_by', 'lob', 'status',
        'referred_at', 'recorded_at'
    ],
    version_column='recorded_at'
) }}
