"""The tables of version 0.1, one subject a file; 0001_squashed_0023_vas_in_order orders them."""

# The migrations that led to these tables, in the order in which version 0.1 applied them.
REPLACED = (
    "0001_initial",
    "0002_versions_follow_their_own_chain",
    "0003_life_of_an_assessment",
    "0004_history_indexes",
    "0005_guards_of_chains",
    "0010_access_log",
    "0011_roles",
    "0012_accounts",
    "0020_first_finals",
    "0021_first_finals_of_the_record",
    "0022_recalibration",
    "0023_vas_in_order",
)
