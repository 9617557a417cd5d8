//! Cohub's records: ids, keys, strict codec, authentic records, attachments' descriptors.
