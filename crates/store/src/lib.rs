//! Durable storage of records and attachments: sled, a memory twin, files, export segments.
