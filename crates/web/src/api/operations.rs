//! The table of operations.

use super::schema::{Field, Type};
use super::{
    Answers, Kind, Operation, Parameter, Place, Run, documents, live, openapi, read, records, writing,
};
use Type::{Any, List, Of, Opt, Text};

const LIMIT: Parameter = Parameter {
    name: "limit",
    place: Place::Query,
    what: "Items of a page; 100 if not said",
    kind: Kind::Limit,
};
const CURSOR: Parameter = Parameter {
    name: "cursor",
    place: Place::Query,
    what: "`next` of the page before; without it the first page",
    kind: Kind::Text,
};

const fn path(name: &'static str, what: &'static str) -> Parameter {
    Parameter { name, place: Place::Path, what, kind: Kind::Text }
}

const fn query(name: &'static str, what: &'static str) -> Parameter {
    Parameter { name, place: Place::Query, what, kind: Kind::Text }
}

const fn page(items: &'static [Field]) -> Answers {
    Answers::Json(items)
}

const STATES: &[&str] = &["open", "closing", "adopted", "rejected", "inquorate", "unresolved", "disputed"];

/// The operations that the public listener has: they read the registry, and nothing of the node or its people.
pub(super) const PUBLIC: [&str; 12] = [
    "registry",
    "hubs",
    "hub",
    "applications",
    "application",
    "motions",
    "motion",
    "certificate",
    "committee",
    "charter",
    "evidence",
    "openapi",
];

/// Every operation, at one address and method each.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation {
        id: "status",
        path: "/api/v1/status",
        summary: "How the node is: network, peers, records, warnings with cause and fix",
        body: None,
        parameters: &[],
        answers: Answers::Json(&[
            ("answers", Type::Yes),
            ("why", Opt(&Text)),
            ("status", Opt(&Of("Status"))),
        ]),
        run: Run::Now(read::status),
    },
    Operation {
        id: "registry",
        path: "/api/v1/registry",
        summary: "The whole registry: who is in, at which stage, decided by whom",
        body: None,
        parameters: &[],
        answers: Answers::Json(&[
            ("head", Text),
            ("network", Text),
            ("name", Text),
            ("constituted", Type::Yes),
            ("hubs", List(&Of("Hub"))),
            ("applications", List(&Of("Application"))),
            ("motions", List(&Of("Motion"))),
            ("committee", Of("Committee")),
            ("charter", Of("Charter")),
            ("evidence", List(&Of("Evidence"))),
            ("disputes", List(&Of("Dispute"))),
            ("reports", List(&Any)),
        ]),
        run: Run::Asks(read::registry),
    },
    Operation {
        id: "hubs",
        path: "/api/v1/hubs",
        summary: "Hubs by slug",
        body: None,
        parameters: &[
            query("status", "Only hubs with this status: co-owner, applicant, a stage, and so on"),
            query("country", "Only hubs in this country, by ISO 3166-1 alpha-2"),
            query("continent", "Only hubs on this continent, as in Europe"),
            LIMIT,
            CURSOR,
        ],
        answers: page(&[("hubs", List(&Of("Hub"))), ("next", Opt(&Text))]),
        run: Run::Seen(read::hubs),
    },
    Operation {
        id: "hub",
        path: "/api/v1/hubs/{hub}",
        summary: "One hub, with its yearly reports",
        body: None,
        parameters: &[path("hub", "Its id (hub1…) or slug")],
        answers: Answers::Json(&[
            ("hub", Of("Hub")),
            ("reports", List(&Any)),
            ("applications", List(&Of("Application"))),
            ("sponsored", List(&Text)),
        ]),
        run: Run::Seen(read::hub),
    },
    Operation {
        id: "applications",
        path: "/api/v1/applications",
        summary: "Applications by id",
        body: None,
        parameters: &[
            query("stage", "Only those that reached this stage"),
            query("status", "Only those with this status: open, rejected, admitted, co-owner, and so on"),
            LIMIT,
            CURSOR,
        ],
        answers: page(&[("applications", List(&Of("Application"))), ("next", Opt(&Text))]),
        run: Run::Seen(read::applications),
    },
    Operation {
        id: "application",
        path: "/api/v1/applications/{application}",
        summary: "One application with its dossier: documents, reviews, interviews, motions",
        body: None,
        parameters: &[path("application", "Its id (rec1…)")],
        answers: Answers::Json(&[("application", Of("Application"))]),
        run: Run::Seen(read::application),
    },
    Operation {
        id: "document",
        path: "/api/v1/documents/{document}/content",
        summary: "The content of a document, fetched and verified, as a file to keep",
        body: None,
        parameters: &[path("document", "The id of its record (rec1…)")],
        answers: Answers::Other("application/octet-stream"),
        run: Run::Asks(documents::content),
    },
    Operation {
        id: "motions",
        path: "/api/v1/motions",
        summary: "Motions, the latest deadline first",
        body: None,
        parameters: &[
            Parameter {
                name: "state",
                place: Place::Query,
                what: "Only those in this state",
                kind: Kind::Words(STATES),
            },
            query("hub", "Only those about this hub, by id or slug"),
            LIMIT,
            CURSOR,
        ],
        answers: page(&[("motions", List(&Of("Motion"))), ("next", Opt(&Text))]),
        run: Run::Seen(read::motions),
    },
    Operation {
        id: "motion",
        path: "/api/v1/motions/{motion}",
        summary: "One motion: rule, roll call, count, tellers",
        body: None,
        parameters: &[path("motion", "Its id (rec1…)")],
        answers: Answers::Json(&[("motion", Of("Motion"))]),
        run: Run::Seen(read::motion),
    },
    Operation {
        id: "certificate",
        path: "/api/v1/motions/{motion}/certificate",
        summary: "The certificate file of a final motion, which verifies without a node",
        body: None,
        parameters: &[path("motion", "Its id (rec1…)")],
        answers: Answers::Other("application/octet-stream"),
        run: Run::Asks(documents::certificate),
    },
    Operation {
        id: "committee",
        path: "/api/v1/committee",
        summary: "The committee in office and its tellers",
        body: None,
        parameters: &[],
        answers: Answers::Json(&[("committee", Of("Committee"))]),
        run: Run::Seen(read::committee),
    },
    Operation {
        id: "charter",
        path: "/api/v1/charter",
        summary: "The charter in force",
        body: None,
        parameters: &[],
        answers: Answers::Json(&[("charter", Of("Charter"))]),
        run: Run::Seen(read::charter),
    },
    Operation {
        id: "peers",
        path: "/api/v1/peers",
        summary: "Other nodes: how they are reached, and why not",
        body: None,
        parameters: &[],
        answers: Answers::Json(&[("peers", List(&Of("Peer")))]),
        run: Run::Now(read::peers),
    },
    Operation {
        id: "records",
        path: "/api/v1/records",
        summary: "Records that this node holds, the newest first by their authors' clocks",
        body: None,
        parameters: &[
            query("kind", "Only records of this kind, as in ballot"),
            query("author", "Only records of this key, as in did:key:…"),
            LIMIT,
            CURSOR,
        ],
        answers: page(&[("records", List(&Of("RecordLine"))), ("next", Opt(&Text))]),
        run: Run::Asks(records::list),
    },
    Operation {
        id: "record",
        path: "/api/v1/records/{record}",
        summary: "One record: decoded, raw, its verdict, what cites it",
        body: None,
        parameters: &[path("record", "Its id (rec1…)")],
        answers: Answers::Json(&[("record", Of("Record"))]),
        run: Run::Asks(records::one),
    },
    Operation {
        id: "draft",
        path: "/api/v1/drafts",
        summary: "What a record would say, in sentences and to the byte, for its author to sign elsewhere (Protocol 1.3)",
        body: Some(&[("author", Text), ("intent", Any)]),
        parameters: &[],
        answers: Answers::Json(&[("draft", Of("Draft"))]),
        run: Run::Takes(writing::draft),
    },
    Operation {
        id: "submit",
        path: "/api/v1/records",
        summary: "Takes a record that its author signed, and says who holds it; the same record twice is once",
        body: Some(&[("record", Text), ("attachments", List(&Text))]),
        parameters: &[],
        answers: Answers::Json(&[
            ("record", Text),
            ("stored", Type::Yes),
            ("peers_holding", Type::Whole),
            ("peers_connected", Type::Whole),
        ]),
        run: Run::Takes(writing::submit),
    },
    Operation {
        id: "evidence",
        path: "/api/v1/evidence",
        summary: "Forks: what keys signed twice, and decisions that contradict each other",
        body: None,
        parameters: &[],
        answers: Answers::Json(&[("evidence", List(&Of("Evidence"))), ("disputes", List(&Of("Dispute")))]),
        run: Run::Seen(read::evidence),
    },
    Operation {
        id: "agenda",
        path: "/api/v1/agenda",
        summary: "What is due from the people whose keys lie in this home, and what they wait for",
        body: None,
        parameters: &[],
        answers: Answers::Json(&[("due", List(&Of("Due"))), ("waiting", List(&Of("Waiting")))]),
        run: Run::Now(read::agenda),
    },
    Operation {
        id: "events",
        path: "/api/v1/events",
        summary: "What happens, as server-sent events; resumes behind Last-Event-ID, or says `reset`",
        body: None,
        parameters: &[query("after", "The event behind which to begin; Last-Event-ID goes before it")],
        answers: Answers::Other("text/event-stream"),
        run: Run::Asks(live::events),
    },
    Operation {
        id: "openapi",
        path: "/api/v1/openapi.json",
        summary: "This document",
        body: None,
        parameters: &[],
        answers: Answers::Other("application/json"),
        run: Run::Asks(openapi),
    },
];
