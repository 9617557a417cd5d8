//! Words for applications and what their dossiers hold.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use cohub_record::{Scope, Slug};
use cohub_registry::{InterviewOutcome, Recommendation, Score};

use super::{Signing, parsed};

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Application {
    /// Apply for co-ownership with your hub
    Open {
        /// The claim to take up: your hub's slug in the register that the network was founded with
        #[arg(long, value_name = "SLUG", value_parser = parsed::<Slug>)]
        claim: Option<Slug>,
        #[command(flatten)]
        signing: Signing,
    },
    /// Take your application back
    Withdraw {
        /// Your hub's slug, or a prefix or the whole id of the application
        application: String,
        #[command(flatten)]
        signing: Signing,
    },
    /// All applications
    List,
    /// One application: its dossier, and what the next stage needs
    Show {
        /// The applicant's slug, or a prefix or the whole id of the application
        application: String,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Document {
    /// Hand in a document, or a new version of one
    Add {
        /// The file
        file: PathBuf,
        /// The type that the charter names, as in feasibility-study
        #[arg(long = "type", value_name = "TYPE", value_parser = parsed::<Slug>)]
        document_type: Slug,
        /// Who may read it: public, members, or sealed: then nobody but those it is shared with
        #[arg(long, default_value = "members", value_parser = parsed::<Scope>)]
        scope: Scope,
        /// Who shall read what is sealed: a hub's slug, which means its representative, or a person's key; once for each
        #[arg(long, value_name = "READER", num_args = 1..)]
        to: Vec<String>,
        /// The application; your own where it is not said
        #[arg(long)]
        application: Option<String>,
        #[command(flatten)]
        signing: Signing,
    },
    /// Documents of an application
    List {
        /// The applicant's slug, or the application; your own where it is not said
        application: Option<String>,
    },
    /// Fetch a document from whoever has it, check it against its record, and write it into a file
    Get {
        /// A prefix or the whole id of its record, or of any other with something attached, such as the grounds of a
        /// motion; or its type, where one application only has it
        document: String,
        /// The file to write; its own name in this directory where it is not said
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// How long to wait for peers
        #[arg(long, value_name = "DURATION", default_value = "30 s", value_parser = crate::when::read_duration)]
        wait: std::time::Duration,
        /// The key that reads what is sealed, where several of the keystore could
        #[arg(long, value_name = "LABEL")]
        key: Option<String>,
    },
    /// Let others read a sealed document that you read
    Share {
        /// A prefix or the whole id of its record; or its type, where one application only has it
        document: String,
        /// Who shall read it: a hub's slug, which means its representative, or a person's key
        #[arg(value_name = "READER", required = true)]
        readers: Vec<String>,
        #[command(flatten)]
        signing: Signing,
    },
    /// Erase what a record attached, on every node and for good; the record stays, and every proof with it
    Erase {
        /// A document: its type, or a prefix or the whole id of its record; or any other record with attachments
        document: String,
        /// The resolution by which a seat of the committee erases what another hub attached
        #[arg(long, value_name = "MOTION")]
        motion: Option<String>,
        #[command(flatten)]
        signing: Signing,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Review {
    /// Review an application for a panel on which you sit
    Add {
        /// The applicant's slug, or the application
        application: String,
        /// The panel
        #[arg(long, value_parser = parsed::<Slug>)]
        panel: Slug,
        /// What you recommend: accept, decline, more or recuse
        #[arg(long, value_name = "WORD", value_parser = parsed::<Recommendation>)]
        recommend: Recommendation,
        /// A mark, as in space=4; once for each
        #[arg(long = "score", value_name = "CRITERION=POINTS", value_parser = score)]
        scores: Vec<Score>,
        /// The review's text, a file
        #[arg(long, value_name = "FILE")]
        text: Option<PathBuf>,
        #[command(flatten)]
        signing: Signing,
    },
    /// Open your sealed review, once all are in or their time is over
    Open {
        /// A prefix or the whole id of its record
        review: String,
        #[command(flatten)]
        signing: Signing,
    },
    /// Reviews of an application
    List {
        /// The applicant's slug, or the application
        application: String,
    },
    /// One review
    Show {
        /// A prefix or the whole id of its record
        review: String,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Interview {
    /// Record an interview with an applicant
    Record {
        /// The applicant's slug, or the application
        application: String,
        /// How it went: favourable, unfavourable or postponed
        #[arg(long, value_name = "WORD", value_parser = parsed::<InterviewOutcome>)]
        outcome: InterviewOutcome,
        /// Notes, a file
        #[arg(long, value_name = "FILE")]
        notes: Option<PathBuf>,
        #[command(flatten)]
        signing: Signing,
    },
    /// Interviews with an applicant
    List {
        /// The applicant's slug, or the application
        application: String,
    },
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Sign {
    /// `manifesto`, or the admission: the applicant's slug or the application
    #[arg(value_name = "ADMISSION|manifesto")]
    pub(crate) what: String,
    #[command(flatten)]
    pub(crate) signing: Signing,
}

fn score(text: &str) -> Result<Score, String> {
    let (criterion, points) = text.split_once('=').ok_or("expected CRITERION=POINTS, as in space=4")?;
    let points = points.parse().map_err(|_| format!("{points:?} is no number of points"))?;
    Ok(Score { criterion: parsed(criterion)?, points })
}
