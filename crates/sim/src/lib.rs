//! A seeded world that drives the same replica: clocks, links, disks, liars, checks.
