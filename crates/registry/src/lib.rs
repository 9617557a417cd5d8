//! The registry: a pure function from a set of records to who is in, at which stage, decided by whom.
